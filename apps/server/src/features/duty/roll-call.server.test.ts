import { MINUTE, must, SECOND } from '@sallyport/basics';
import { rollCalls, workDetail } from '@sallyport/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { EVENING, House } from './house.fixture.js';

/** After the evening's roll call: 21:22 at the site. */
const BEGIN = EVENING + 22 * MINUTE;

let house: House;
let officer: OfficerActor;
let lit: string;
let dark: [string, string];
beforeEach(async () => {
  house = await House.create('county', BEGIN);
  officer = await house.officer('control-room');
  const [first, second, third] = await house.cells();
  lit = must(first, 'cell');
  dark = [must(second, 'cell'), must(third, 'cell')];
  await house.addTerminals([lit]);
});
afterEach(() => house.world.drop());

async function call() {
  const answer = await house.asOfficer(officer, 'roll-call.start', { cells: [lit, ...dark], reason: 'a noise was heard' });
  expect(answer).toMatchObject({ outcome: 'accepted' });
  return must((await house.read(rollCalls, officer)).rows[0], 'roll call');
}
const alerts = (rollCall: string) =>
  house.world.db.selectFrom('alert').selectAll().where('merge_key', 'like', `roll-call%:${rollCall}%`).orderBy('merge_key').execute();
const waiting = (refs: readonly string[]) =>
  house.world.db
    .selectFrom('work_item')
    .select('ref')
    .where('ref', 'in', [...refs])
    .where('state', '<>', 'done')
    .execute();

test('ROLL5: a cell without a terminal is told as such while the call still runs', async () => {
  const { id, kind, cells } = await call();
  expect(kind).toBe('ad-hoc');
  expect(cells.map(({ cell, offline }) => [cell, offline])).toEqual([
    [lit, false],
    [dark[0], true],
    [dark[1], true],
  ]);
  await house.moveTo(BEGIN + 12 * MINUTE);
  const after = must(
    (await house.read(rollCalls, officer)).rows.find((row) => row.id === id),
    'roll call',
  );
  expect(after.cells.map(({ offline, state }) => [offline, state])).toEqual([
    [false, 'missing'],
    [true, 'missing'],
    [true, 'missing'],
  ]);
});

test('ROLL3: somebody released after the call keeps the name in its list and has no bed any more', async () => {
  const { id } = await call();
  const people = async () =>
    must(
      (await house.read(rollCalls, officer)).rows.find((row) => row.id === id),
      'roll call',
    ).cells.flatMap(({ missing }) => missing);
  const [first] = await people();
  expect(first?.bed).toEqual(expect.any(Number));
  await house.world.db.updateTable('person').set({ state: 'released', cell: null, bed: null }).where('id', '=', must(first, 'person').id).execute();
  expect((await people()).find((person) => person.id === first?.id)).toEqual({ ...first, bed: null });
});

test('ROLL6: who confirms a cell ends its alert and its review; the silent terminals end with the last of their cells', async () => {
  const { id } = await call();
  await house.moveTo(BEGIN + 12 * MINUTE);
  const [silent, missing] = await alerts(id);
  expect([silent?.count, missing?.cell, missing?.state]).toEqual([2, lit, 'calling']);
  const ids = [must(silent, 'alert').id, must(missing, 'alert').id];
  expect(await waiting(ids)).toHaveLength(2);
  const confirm = async (cell: string, seen: 'all' | 'none') => {
    const { cells } = must(
      (await house.read(rollCalls, officer)).rows.find((row) => row.id === id),
      'roll call',
    );
    const people = must(
      cells.find((one) => one.cell === cell),
      'cell',
    ).missing.map((person) => person.id);
    const body = { rollCall: id, cell, seen: seen === 'all' ? people : [], note: seen === 'all' ? '' : 'all at the clinic' };
    expect(await house.asOfficer(officer, 'roll-call.confirm', body)).toMatchObject({ outcome: 'accepted' });
    return people.length;
  };
  const states = async () => (await alerts(id)).map(({ state, ended_by }) => [state, ended_by]);
  const there = await confirm(lit, 'all');
  expect(await states()).toEqual([
    ['calling', null],
    ['ended', officer.id],
  ]);
  expect((await alerts(id))[1]).toMatchObject({ ended_name: officer.name, result: `${there}/${there}` });
  expect(await waiting(ids)).toEqual([{ ref: ids[0] }]);
  await confirm(dark[0], 'none');
  expect((await states())[0]).toEqual(['calling', null]);
  await confirm(dark[1], 'none');
  expect((await alerts(id))[0]).toMatchObject({ state: 'ended', measure: 'all at the clinic' });
  expect(await waiting(ids)).toEqual([]);
  await house.moveTo(house.world.now + SECOND);
});

test('ROLL7: the queue tells who did not answer in a cell, and the cells whose terminal was silent as one', async () => {
  const { id, cells } = await call();
  await house.moveTo(BEGIN + 12 * MINUTE);
  const [silent, missing] = (await alerts(id)).map((alert) => alert.id);
  const items = await house.world.db
    .selectFrom('work_item')
    .select(['id', 'kind', 'ref'])
    .where('ref', 'in', [must(silent, 'alert'), must(missing, 'alert')])
    .execute();
  expect(items.map(({ kind }) => kind)).toEqual(['roll-call-review', 'roll-call-review']);
  const detail = (ref: string | undefined) => house.read(workDetail, officer, { id: must(items.find((item) => item.ref === ref)?.id, 'item') });
  const expected = (cell: string) => must(cells.find((one) => one.cell === cell)?.expected, 'cell');
  const one = await detail(missing);
  expect(one.title).toMatchObject({ key: 'work.title.roll-call-review', values: { cell: lit } });
  expect(one.content).toMatchObject({ rollCall: id, offline: false, cells: [{ cell: lit, expected: expected(lit) }] });
  expect((one.content as { cells: { missing: unknown[] }[] }).cells[0]?.missing).toHaveLength(expected(lit));
  const other = await detail(silent);
  expect(other.title).toMatchObject({ key: 'work.title.roll-call-silent', values: { n: '2' } });
  expect((other.content as { cells: { cell: string }[] }).cells.map(({ cell }) => cell)).toEqual(dark);
});

test('ROLL8: an answer counts for both calls that run in a cell, so that nobody who answered one is missed by the other', async () => {
  const first = await call();
  await house.moveTo(house.world.now + MINUTE);
  const second = await call();
  const [someone] = await house.world.db
    .selectFrom('person')
    .select(['id', 'number'])
    .where('cell', '=', lit)
    .where('state', '=', 'held')
    .orderBy('bed')
    .execute();
  const person = must(someone, 'person').id;
  const answer = (rollCall: string) => house.asPerson(lit, { person, number: must(someone, 'person').number }, 'roll-call.answer', { rollCall });
  expect(await answer(second.id)).toMatchObject({ outcome: 'accepted' });
  const answers = await house.world.db.selectFrom('roll_call_answer').select('roll_call').where('person', '=', person).execute();
  expect(answers.map(({ roll_call }) => roll_call).sort()).toEqual([first.id, second.id].sort());
  expect(await answer(first.id)).toMatchObject({ outcome: 'refused' });
});
