import { MINUTE, must } from '@sallyport/basics';
import { alertList, rollCalls } from '@sallyport/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { EVENING, FIRST_SLOT, House } from './house.fixture.js';

/** The first slot has run for a while, so that officers may say what they saw and nobody has signed in. */
const IN_SLOT = EVENING + 40 * MINUTE;

let house: House;
let own: string;
let foreign: string;
let chief: OfficerActor;
let blockOne: OfficerActor;
beforeEach(async () => {
  house = await House.create();
  const cells = await house.cells();
  own = must(cells[0], 'cell');
  foreign = must(
    cells.find((cell) => cell.slice(0, 2) !== own.slice(0, 2)),
    'cell of another block',
  );
  chief = await house.officer('control-room');
  blockOne = { ...(await house.officer('cell-officer')), posts: [{ role: 'cell-officer', blocks: [own.slice(0, 2)] }] };
});
afterEach(() => house.world.drop());

test('ACC5: an observation names people of its own cell only', async () => {
  await house.addTerminals([own]);
  await house.moveTo(IN_SLOT);
  const seen = { cell: own, slot: FIRST_SLOT, kind: 'SLEEPING', note: 'seen by camera' };
  const [stranger] = await house.seats(foreign);
  expect(await house.asOfficer(blockOne, 'duty.observe', { ...seen, person: must(stranger, 'seat').person })).toMatchObject({
    outcome: 'refused',
    code: 'NOT_FOUND',
  });
  const [mate] = await house.seats(own);
  expect(await house.asOfficer(blockOne, 'duty.observe', { ...seen, person: must(mate, 'seat').person })).toMatchObject({ outcome: 'accepted' });
});

test('a cell that does not exist is a refusal and nothing for an administrator', async () => {
  await house.moveTo(IN_SLOT);
  for (const [kind, body] of [
    ['duty.propose-roster', { week: '2026-11-30', seenVersion: 0 }],
    ['duty.save-roster', { week: '2026-11-30', seenVersion: 0, slots: [] }],
    ['duty.observe', { slot: FIRST_SLOT, kind: 'SLEEPING', note: 'seen by camera' }],
  ] as const) {
    expect(await house.asOfficer(chief, kind, { cell: '9999', ...body }), kind).toMatchObject({ outcome: 'refused', code: 'NOT_FOUND' });
  }
});

test('ACC5: a roll call elsewhere is not listed, a shared one shows the own cells only', async () => {
  const begin = (cells: string[], reason: string) => house.asOfficer(chief, 'roll-call.start', { cells, reason });
  await begin([foreign], 'a search in the other block');
  house.world.now += MINUTE;
  await begin([own, foreign], 'the whole house');
  const { rows } = await house.read(rollCalls, blockOne);
  expect(rows.map(({ reason, cells }) => [reason, cells.map(({ cell }) => cell)])).toEqual([['the whole house', [own]]]);
  expect((await house.read(rollCalls, chief)).rows).toHaveLength(2);
});

test('ROLL4: a person named twice as seen is seen once, and the cell is confirmed', async () => {
  const [mate] = await house.seats(own);
  const person = must(mate, 'seat').person;
  const begun = await house.asOfficer(chief, 'roll-call.start', { cells: [own], reason: 'count' });
  const rollCall = must('result' in begun ? begun.result['rollCall'] : undefined, 'roll call');
  expect(await house.asOfficer(chief, 'roll-call.confirm', { rollCall, cell: own, seen: [person, person], note: 'the others are out' })).toMatchObject({
    outcome: 'accepted',
  });
});

test('ACC5: who may not read duty sees that an alarm calls, and not whom it is about', async () => {
  await house.addTerminals([own]);
  await house.moveTo(IN_SLOT);
  const [theirs] = (await house.read(alertList, await house.officer('finance'))).rows;
  expect(theirs).toMatchObject({ kind: 'duty-anomaly', anomaly: null, workItem: null });
  const [ours] = (await house.read(alertList, chief)).rows;
  expect(must(ours, 'alert').anomaly).not.toBeNull();
});
