import { HOUR, MINUTE, must } from '@sallyport/basics';
import { COMMENTS_PER_ANOMALY } from '@sallyport/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVENING, FIRST_SLOT, House } from './house.fixture.js';

const START = EVENING + 30 * MINUTE;
const NEXT_SLOT = '2026-11-22T23:30';

let house: House;
let cell: string;
beforeEach(async () => {
  house = await House.create();
  const planned = await house.world.db.selectFrom('duty_seat').select('cell').where('slot', '=', FIRST_SLOT).orderBy('cell').executeTakeFirst();
  cell = must(planned?.cell, 'a planned cell');
  await house.addTerminals([cell]);
});
afterEach(() => house.world.drop());

const released = async (slot: string) =>
  (await house.world.db.selectFrom('duty_handover').select('released_at').where('slot', '=', slot).execute()).map(({ released_at }) => released_at);

/** Both of a slot sign in as it starts and hand it over five minutes before its end. */
async function serve(slot: string, start: number, end: number) {
  await house.moveTo(start - MINUTE);
  const people = await house.seats(cell, slot);
  for (const person of people) expect(await house.signIn(cell, person)).toMatchObject({ outcome: 'accepted' });
  await house.moveTo(end - 5 * MINUTE);
  for (const person of people)
    expect(await house.asPerson(cell, person, 'duty.handover', { verdict: 'normal', remark: '' })).toMatchObject({ result: { slot, released: false } });
}

test('DUTY28: relief that came early releases as the slot ends', async () => {
  const end = START + 2 * HOUR;
  await serve(FIRST_SLOT, START, end);
  for (const person of await house.seats(cell, NEXT_SLOT)) expect(await house.signIn(cell, person)).toMatchObject({ outcome: 'accepted' });
  expect(await released(FIRST_SLOT)).toEqual([null, null]);
  await house.moveTo(end);
  expect(await released(FIRST_SLOT)).toEqual([end, end]);
});

test('DUTY29: nobody is kept by relief that never comes: released as its window closes', async () => {
  const end = START + 2 * HOUR;
  await serve(FIRST_SLOT, START, end);
  await house.moveTo(end + 10 * MINUTE);
  expect(await released(FIRST_SLOT)).toEqual([null, null]);
  await house.moveTo(end + 10 * MINUTE + 1);
  expect(await released(FIRST_SLOT)).toEqual([end + 10 * MINUTE, end + 10 * MINUTE]);
});

test('DUTY29: the last of the night are released as the night ends, and their note is taken as long as the policy says', async () => {
  const last = '2026-11-23T05:30';
  const end = START + 9 * HOUR;
  await serve(last, end - HOUR, end);
  await house.moveTo(end);
  expect(await released(last)).toEqual([end, end]);
});

test('DUTY52: a note is taken until the policy says, whatever slot comes to mind first', async () => {
  const end = START + 9 * HOUR;
  await house.moveTo(end - HOUR - MINUTE);
  const [a, b] = await house.seats(cell, '2026-11-23T05:30');
  for (const person of [a, b]) await house.signIn(cell, must(person, 'seat'));
  await house.moveTo(end + 119 * MINUTE);
  expect(await house.asPerson(cell, must(a, 'seat'), 'duty.handover', { verdict: 'normal', remark: '' })).toMatchObject({ outcome: 'accepted' });
  await house.moveTo(end + 121 * MINUTE);
  expect(await house.asPerson(cell, must(b, 'seat'), 'duty.handover', { verdict: 'normal', remark: '' })).toMatchObject({ code: 'NO_DUTY_NOW' });
  const named = { slot: '2026-11-23T05:30', verdict: 'normal', remark: '' };
  expect(await house.asPerson(cell, must(b, 'seat'), 'duty.handover', named)).toMatchObject({ code: 'WINDOW_CLOSED' });
});

test('DUTY52: nobody fills the record of an anomaly with comments; the other person still has a say', async () => {
  await house.moveTo(START + 4 * MINUTE);
  const [a, b] = await house.seats(cell);
  const anomaly = must(
    (await house.anomalies()).find((one) => one.cell === cell),
    'anomaly',
  ).id;
  const say = (person: typeof a, comment: string) => house.asPerson(cell, must(person, 'seat'), 'duty.comment', { anomaly, comment });
  for (let time = 0; time < COMMENTS_PER_ANOMALY; time += 1) expect(await say(a, `${time}: I was ill`)).toMatchObject({ outcome: 'accepted' });
  expect(await say(a, 'once more')).toMatchObject({ outcome: 'refused', code: 'COMMENTS_FULL' });
  expect(await say(b, 'it was me')).toMatchObject({ outcome: 'accepted' });
});
