import { MINUTE, must } from '@sallyport/basics';
import { dutyAnomalies, dutyRecords } from '@sallyport/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVENING, FIRST_SLOT, House } from './house.fixture.js';

const minute = (count: number) => EVENING + (30 + count) * MINUTE;

let house: House;
let cell: string;
beforeEach(async () => {
  house = await House.create();
  cell = must(
    (await house.world.db.selectFrom('duty_seat').select('cell').where('slot', '=', FIRST_SLOT).orderBy('cell').executeTakeFirst())?.cell,
    'a planned cell',
  );
  await house.addTerminals([cell]);
});
afterEach(() => house.world.drop());

const own = async () => (await house.anomalies()).filter((anomaly) => anomaly.cell === cell);

test('DUTY51: "I signed in while we were off line" from a terminal that was heard all the time goes to review and turns nothing', async () => {
  const people = await house.seats(cell);
  await house.moveTo(minute(9));
  expect(await own()).toMatchObject([{ kind: 'NO_DUTY', state: 'open' }]);
  for (const person of people)
    expect(await house.signIn(cell, person, { at: minute(2) })).toMatchObject({ outcome: 'accepted', result: { state: 'late-proved' } });
  await house.moveTo(minute(15));
  expect(await own()).toMatchObject([{ kind: 'NO_DUTY', state: 'open' }]);
  const officer = await house.officer('control-room');
  const [row] = (await house.read(dutyAnomalies, officer, {}, { cell })).rows;
  expect(must(row, 'anomaly').lateProof.map(({ review }) => review)).toEqual([['TERMINAL_HEARD'], ['TERMINAL_HEARD']]);
  expect((await house.read(dutyRecords, officer, {}, { cell })).rows.map(({ review }) => review)).toEqual([['TERMINAL_HEARD'], ['TERMINAL_HEARD']]);
});

test('DUTY51: a terminal that was silent meanwhile is believed', async () => {
  const [person] = await house.seats(cell);
  await house.moveTo(minute(1));
  await house.moveTo(minute(9), []);
  expect(await house.signIn(cell, must(person, 'seat'), { at: minute(2) })).toMatchObject({ outcome: 'accepted', result: { state: 'late-proved' } });
  expect(await house.world.db.selectFrom('duty_sign_in').select('review').execute()).toEqual([{ review: [] }]);
});
