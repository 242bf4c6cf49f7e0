import { DAY, HOUR, MINUTE, must, SECOND } from '@sallyport/basics';
import { dutyAnomalies, dutyBoard, dutyMyRecord, dutyRecords, nightExceptions, rosterOf, terminalHome } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProofVerdict } from '../../platform/commands/kind.js';
import { peopleByIds } from '../person/index.js';
import { EVENING, FIRST_SLOT, House } from './house.fixture.js';

const START = EVENING + 30 * MINUTE;
const iso = (instant: number) => new Date(instant).toISOString();
const minute = (count: number) => START + count * MINUTE;

let house: House;
let cell: string;
beforeEach(async () => {
  house = await House.create();
  const planned = await house.world.db.selectFrom('duty_seat').select('cell').where('slot', '=', FIRST_SLOT).orderBy('cell').execute();
  cell = must(planned[0], 'a planned cell').cell;
  // The last cell has no terminal yet.
  await house.addTerminals([...new Set(planned.map((row) => row.cell))].slice(0, -1));
});
afterEach(() => house.world.drop());

async function pair() {
  const [a, b] = await house.seats(cell);
  return [must(a, 'first seat'), must(b, 'second seat')] as const;
}
const own = async () => (await house.anomalies()).filter((anomaly) => anomaly.cell === cell);
const kinds = async () => (await own()).map(({ kind }) => kind);

describe('sign-in', () => {
  test('DUTY14: both sign in inside the window and nothing is raised', async () => {
    const [a, b] = await pair();
    expect(await house.signIn(cell, a)).toMatchObject({ outcome: 'refused', code: 'NO_DUTY_NOW' });
    await house.moveTo(minute(-5));
    expect(await house.signIn(cell, a)).toMatchObject({ outcome: 'accepted', result: { slot: FIRST_SLOT, state: 'on-time' } });
    expect(await house.signIn(cell, a)).toMatchObject({ outcome: 'refused', code: 'ALREADY_SIGNED' });
    await house.moveTo(minute(2));
    expect(await house.signIn(cell, b)).toMatchObject({ outcome: 'accepted' });
    await house.moveTo(minute(4));
    expect(await kinds()).toEqual([]);
    const home = await house.read(terminalHome, house.deviceActor(cell));
    expect(home).toMatchObject({ current: { slot: FIRST_SLOT, seats: [{ state: 'on-time' }, { state: 'on-time' }] } });
  });

  test('DUTY18: somebody of another slot is refused, and that is one anomaly however often', async () => {
    await house.moveTo(minute(-5));
    const seated = new Set((await pair()).map(({ person }) => person));
    const [other] = (await house.world.db.selectFrom('person').select(['id as person', 'number']).where('cell', '=', cell).orderBy('id').execute()).filter(
      ({ person }) => !seated.has(person),
    );
    for (let times = 0; times < 2; times += 1)
      expect(await house.signIn(cell, must(other, 'cell mate'))).toMatchObject({ outcome: 'refused', code: 'NOT_ON_DUTY' });
    expect(await kinds()).toEqual(['WRONG_PERSON']);
  });

  test('DUTY18: an unproved person is refused and leaves no trace in the duty', async () => {
    await house.moveTo(minute(-5));
    const [a] = await pair();
    expect(await house.signIn(cell, a, { proof: { outcome: 'wrong', kind: 'pin', person: a.person } })).toMatchObject({
      outcome: 'refused',
      code: 'PROOF_WRONG',
    });
    expect(await kinds()).toEqual([]);
  });

  test('DUTY15, DUTY16: a late sign-in is taken as late, its evidence stays, and the window closes', async () => {
    const [a, b] = await pair();
    await house.moveTo(minute(5));
    expect(await house.signIn(cell, a)).toMatchObject({ outcome: 'accepted', result: { state: 'late' } });
    expect((await kinds()).sort()).toEqual(['LATE', 'NO_DUTY']);
    await house.moveTo(minute(10) + 1);
    expect(await house.signIn(cell, b)).toMatchObject({ outcome: 'refused', code: 'WINDOW_CLOSED' });
  });
});

describe('anomalies', () => {
  test('DUTY20: nobody: one anomaly, one alert, one review, within the job that is due at three minutes', async () => {
    await house.moveTo(minute(3) - 1);
    expect(await house.anomalies()).toEqual([]);
    await house.moveTo(minute(3));
    await house.moveTo(minute(4));
    const found = await own();
    expect(found).toMatchObject([{ kind: 'NO_DUTY', at: minute(3), state: 'open' }]);
    const alert = await house.world.db.selectFrom('alert').selectAll().where('subject', '=', must(found[0], 'anomaly').id).execute();
    expect(alert).toMatchObject([{ level: 'high', cell, state: 'calling' }]);
    const items = await house.world.db.selectFrom('work_item').selectAll().where('ref', '=', must(found[0], 'anomaly').id).execute();
    expect(items).toMatchObject([{ kind: 'duty-review', priority: 'urgent', state: 'open' }]);
    const board = await house.read(dutyBoard, await house.officer('control-room'));
    expect(board.cells.find((one) => one.cell === cell)).toMatchObject({ state: 'nobody', terminal: 'online', openAlerts: 2 });
  });

  test('WORK9: the leader hears of it five minutes after the start, to the second', async () => {
    await house.moveTo(minute(5) - SECOND);
    const before = await house.world.db
      .selectFrom('alert')
      .select('step')
      .where('cell', '=', cell)
      .where('kind', '=', 'duty-anomaly')
      .executeTakeFirstOrThrow();
    expect(before.step).toBe(0);
    await house.moveTo(minute(5));
    const after = await house.world.db
      .selectFrom('alert')
      .select(['step', 'step_at'])
      .where('cell', '=', cell)
      .where('kind', '=', 'duty-anomaly')
      .executeTakeFirstOrThrow();
    expect(after).toEqual({ step: 1, step_at: minute(5) });
    expect(await house.world.db.selectFrom('work_item').select('escalated_to').where('cell', '=', cell).distinct().execute()).toEqual([
      { escalated_to: 'leadership' },
    ]);
  });

  test('DUTY16, DUTY21, DUTY22: a silent terminal is not "no duty"; its stored sign-ins turn the anomaly, never erase it', async () => {
    const [a, b] = await pair();
    await house.moveTo(minute(-1), []);
    await house.moveTo(minute(4), []);
    expect(await own()).toMatchObject([{ kind: 'TERMINAL_OFFLINE', state: 'open' }]);
    const board = await house.read(dutyBoard, await house.officer('control-room'));
    expect(board.cells.find((one) => one.cell === cell)).toMatchObject({ state: 'offline' });
    await house.moveTo(minute(40), []);
    for (const person of [a, b])
      expect(await house.signIn(cell, person, { at: minute(-2) })).toMatchObject({
        outcome: 'accepted',
        result: { state: 'late-proved', signedAt: new Date(minute(-2)).toISOString() },
      });
    await house.moveTo(minute(60));
    expect(await own()).toMatchObject([{ kind: 'TERMINAL_OFFLINE', state: 'late-proved' }]);
    const page = await house.read(dutyAnomalies, await house.officer('control-room'), {}, { cell });
    expect(must(page.rows[0], 'row').lateProof).toHaveLength(2);
  });

  test('DUTY21: a terminal that comes back with nothing leaves a missing duty after the grace', async () => {
    await house.moveTo(minute(4), []);
    expect(await kinds()).toEqual(['TERMINAL_OFFLINE']);
    await house.moveTo(minute(20));
    expect((await kinds()).sort()).toEqual(['NO_DUTY', 'TERMINAL_OFFLINE']);
  });

  test('DUTY48: what was missed before a terminal was let in stays a silent terminal when one is; missed with it is missed', async () => {
    const bare = must(
      (await house.world.db.selectFrom('duty_seat').select('cell').where('slot', '=', FIRST_SLOT).orderBy('cell', 'desc').limit(1).execute())[0],
      'seat',
    ).cell;
    const there = async () => (await house.anomalies()).filter((anomaly) => anomaly.cell === bare);
    await house.moveTo(minute(4));
    expect(await there()).toMatchObject([{ kind: 'TERMINAL_OFFLINE', slot: FIRST_SLOT }]);
    await house.moveTo(minute(30));
    await house.addTerminals([bare]);
    await house.moveTo(minute(115));
    expect((await there()).map(({ kind, slot }) => [kind, slot])).toEqual([['TERMINAL_OFFLINE', FIRST_SLOT]]);
    await house.moveTo(minute(124));
    expect((await there()).map(({ kind, slot }) => [kind, slot])).toEqual([
      ['TERMINAL_OFFLINE', FIRST_SLOT],
      ['NO_DUTY', '2026-11-22T23:30'],
    ]);
  });

  test('DUTY48: cells without any terminal are one alert and one review of their block for the night, however many slots pass', async () => {
    const { world } = house;
    await sql`update device set state = 'revoked', ended_at = confirmed_at`.execute(world.db);
    await house.moveTo(EVENING + 9 * HOUR + 29 * MINUTE, []);
    const found = await house.anomalies();
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['TERMINAL_OFFLINE']));
    expect(new Set(found.map((anomaly) => anomaly.cell)).size).toBe(found.length);
    const alerts = await world.db
      .selectFrom('alert')
      .selectAll()
      .where('title', '=', 'duty.anomaly.TERMINAL_OFFLINE')
      .where('kind', '=', 'duty-anomaly')
      .execute();
    expect(alerts.map(({ cell: of }) => of?.slice(0, 2)).sort()).toEqual([...new Set(found.map((anomaly) => anomaly.cell.slice(0, 2)))].sort());
    const refs = [...found.map(({ id }) => id), ...alerts.map(({ id }) => id)];
    expect(await world.db.selectFrom('work_item').select('id').where('ref', 'in', refs).execute()).toHaveLength(alerts.length);
  });

  test('DUTY25: a restart in the middle, and a clock that jumps, catch up without doubles', async () => {
    await house.moveTo(minute(1));
    await house.restart();
    house.world.now = minute(8);
    await house.moveTo(minute(8));
    await house.restart();
    await house.moveTo(minute(9));
    expect((await own()).length).toBe(1);
    const alerts = await house.world.db.selectFrom('alert').select(['cell', 'step']).where('cell', '=', cell).where('kind', '=', 'duty-anomaly').execute();
    expect(alerts).toHaveLength(1);
  });

  test('DUTY26: ended only by a named officer with measure and result, after the undo time', async () => {
    await house.moveTo(minute(4));
    const officer = await house.officer('control-room');
    const anomaly = must((await own())[0], 'anomaly');
    const item = await house.world.db.selectFrom('work_item').selectAll().where('ref', '=', anomaly.id).executeTakeFirstOrThrow();
    const verdict = { item: item.id, seenVersion: item.version, verdict: 'end' };
    expect(await house.asOfficer(officer, 'work.decide', verdict)).toMatchObject({ outcome: 'refused', code: 'BODY_INVALID' });
    expect(await house.asOfficer(officer, 'work.decide', { ...verdict, input: { measure: 'went there', result: 'both were awake' } })).toMatchObject({
      outcome: 'accepted',
    });
    expect((await own())[0]).toMatchObject({ state: 'open' });
    await house.moveTo(house.world.now + 11 * SECOND);
    expect((await own())[0]).toMatchObject({ state: 'ended', ended_by: officer.id, measure: 'went there', result: 'both were awake' });
    expect(await house.world.db.selectFrom('alert').select('state').where('subject', '=', anomaly.id).execute()).toEqual([{ state: 'ended' }]);
  });

  test('DUTY23, DUTY31: a prompt that nobody answers is one LEFT_POST; an answer is taken once', async () => {
    const [a, b] = await pair();
    await house.moveTo(minute(-1));
    for (const person of [a, b]) await house.signIn(cell, person);
    const next = async () =>
      house.world.db
        .selectFrom('duty_presence')
        .selectAll()
        .where('cell', '=', cell)
        .where('state', '=', 'planned')
        .orderBy('ask_at')
        .executeTakeFirstOrThrow();
    const first = await next();
    await house.moveTo(first.ask_at + 10 * SECOND);
    expect(await house.read(terminalHome, house.deviceActor(cell))).toMatchObject({ presence: { id: first.id } });
    const answer = () => house.send('duty.presence', [house.incoming('duty.presence', house.deviceActor(cell), { prompt: first.id })]);
    expect(await answer()).toMatchObject([{ outcome: 'accepted', result: { answeredInSeconds: 10 } }]);
    expect(await answer()).toMatchObject([{ outcome: 'refused', code: 'ALREADY_DONE' }]);
    const second = await next();
    await house.moveTo(second.ask_at + 2 * MINUTE);
    expect(await kinds()).toEqual(['LEFT_POST']);
  });
});

describe('words, substitutes and records', () => {
  test('DUTY24, DUTY28: an abnormal note is an anomaly; the person may comment; the night is one page', async () => {
    const [a, b] = await pair();
    await house.moveTo(minute(-1));
    for (const person of [a, b]) await house.signIn(cell, person);
    await house.moveTo(minute(119));
    expect(await house.asPerson(cell, a, 'duty.handover', { verdict: 'abnormal', remark: 'bed 4 shook' })).toMatchObject({
      outcome: 'accepted',
      result: { slot: FIRST_SLOT, released: false },
    });
    expect(await house.asPerson(cell, a, 'duty.handover', { slot: FIRST_SLOT, verdict: 'normal', remark: '' })).toMatchObject({
      outcome: 'refused',
      code: 'ALREADY_DONE',
    });
    const [report] = (await own()).filter(({ kind }) => kind === 'ABNORMAL_REPORT');
    expect(report).toMatchObject({ note: 'bed 4 shook', people: [a.person] });
    expect(await house.asPerson(cell, a, 'duty.comment', { anomaly: must(report, 'report').id, comment: 'he is better now' })).toMatchObject({
      outcome: 'accepted',
    });
    expect(await house.asPerson(cell, b, 'duty.comment', { anomaly: must(report, 'report').id, comment: 'not mine' })).toMatchObject({
      outcome: 'refused',
      code: 'NOT_FOUND',
    });
    const officer = await house.officer('leadership');
    const night = await house.read(nightExceptions, officer, { date: '2026-11-22' });
    expect(night.signIns).toBe(2);
    expect(night.anomalies.some(({ kind, comments }) => kind === 'ABNORMAL_REPORT' && comments.length === 1)).toBe(true);
    const records = await house.read(dutyRecords, officer, {}, { person: a.number, from: '2026-11-22', to: '2026-11-22' });
    expect(records.rows).toMatchObject([{ cell, slot: FIRST_SLOT, number: a.number, state: 'on-time' }]);
  });

  test('DUTY46: a missed duty changes nothing of the person, who sees it on the wall and may comment', async () => {
    const [a, b] = await pair();
    const standing = async () => {
      const { world } = house;
      const { people } = await house.read(rosterOf, await house.officer('leadership'), { cell, week: '2026-11-16' });
      const fitness = people.map(({ id, exclusions }) => ({ id, exclusions }));
      return {
        people: [...(await peopleByIds(world.db, [a.person, b.person])).values()],
        fitness,
        seats: await world.db.selectFrom('duty_seat').selectAll().execute(),
      };
    };
    const before = await standing();
    await house.moveTo(minute(4));
    expect(await kinds()).toEqual(['NO_DUTY']);
    expect(await standing()).toEqual(before);
    const look = async (person: typeof a) => {
      const answer = await house.asPerson(cell, person, 'duty.my-record', {});
      if (answer.outcome !== 'accepted') throw new Error(answer.code);
      return dutyMyRecord.result.parse(answer.result);
    };
    const record = await look(a);
    const missed = must(record.anomalies[0], 'missed duty');
    expect(record.anomalies).toEqual([{ id: missed.id, kind: 'NO_DUTY', slot: FIRST_SLOT, raisedAt: iso(minute(3)), state: 'open', comments: [] }]);
    const planned = before.seats.flatMap(({ person, slot }) => (person === a.person && slot > FIRST_SLOT ? [slot] : [])).sort();
    expect(record.slots.map(({ slot }) => slot)).toEqual(planned.slice(0, 4));
    await house.asPerson(cell, a, 'duty.comment', { anomaly: missed.id, comment: 'nobody told me' });
    expect((await look(a)).anomalies).toMatchObject([{ id: missed.id, state: 'open', comments: [{ comment: 'nobody told me' }] }]);
    expect((await look(b)).anomalies).toMatchObject([{ id: missed.id, comments: [] }]);
    expect(await standing()).toEqual(before);
  });

  test('DUTY46: the own record opens to the own proof only, whoever else asks in the same batch, and for 14 days', async () => {
    const [a, b] = await pair();
    await house.moveTo(minute(4));
    const device = house.deviceActor(cell);
    const ask = (proof: ProofVerdict | null) => house.incoming('duty.my-record', device, { person: { bed: 1 } }, { proof });
    const answers = await house.send('duty.my-record', [ask(house.proved(a.person)), ask({ outcome: 'wrong', kind: 'pin', person: b.person }), ask(null)]);
    expect(answers).toMatchObject([{ outcome: 'accepted' }, { outcome: 'refused', code: 'PROOF_WRONG' }, { outcome: 'refused', code: 'PROOF_MISSING' }]);
    house.world.now += 14 * DAY + HOUR;
    expect(await house.asPerson(cell, a, 'duty.my-record', {})).toMatchObject({ outcome: 'accepted', result: { anomalies: [] } });
  });

  test('DUTY28: an ended slot stays on the wall while its people can still hand it over', async () => {
    const slots = async () => (await house.read(terminalHome, house.deviceActor(cell))).slots.map(({ slot }) => slot);
    await house.moveTo(minute(120 + 119));
    expect(await slots()).toContain(FIRST_SLOT);
    await house.moveTo(minute(120 + 121));
    expect(await slots()).not.toContain(FIRST_SLOT);
  });

  test('DUTY44: somebody out of the cell is excused, a substitute is proposed and takes the seat on approval', async () => {
    const [a] = await pair();
    const { world } = house;
    const officer = await house.officer('control-room');
    await world.db
      .insertInto('person_absence')
      .values({ id: world.newId(), person_id: a.person, reason: 'clinic', since: new Date(world.now), taken_by: officer.id })
      .execute();
    const { dutyFollowsPeople } = await import('./index.js');
    await world.transact((scope) => dutyFollowsPeople(scope, [{ person: a.person, what: 'taken-out', cell, to: null }]));
    const item = await world.db
      .selectFrom('work_item')
      .selectAll()
      .where('kind', '=', 'substitute')
      .where('cell', '=', cell)
      .orderBy('id')
      .executeTakeFirstOrThrow();
    expect(await house.asOfficer(officer, 'work.decide', { item: item.id, seenVersion: 1, verdict: 'approve' })).toMatchObject({ outcome: 'accepted' });
    await house.moveTo(world.now + 11 * SECOND);
    const vacancy = await world.db.selectFrom('duty_vacancy').selectAll().where('id', '=', item.ref).executeTakeFirstOrThrow();
    expect(vacancy.state).toBe('filled');
    const seated = (await house.seats(cell, vacancy.slot)).map(({ person }) => person);
    expect(seated).toContain(vacancy.proposed);
    expect(seated).not.toContain(a.person);
  });

  test('DUTY24: what an officer saw is an anomaly of its own', async () => {
    await house.moveTo(minute(20));
    const [a] = await pair();
    const body = { cell, slot: FIRST_SLOT, person: a.person, kind: 'SLEEPING', note: 'asleep on the camera' };
    expect(await house.asOfficer(await house.officer('control-room'), 'duty.observe', body)).toMatchObject({ outcome: 'accepted' });
    expect(await kinds()).toContain('SLEEPING');
  });
});

test('ROLL1 to ROLL5: the evening roll call runs two rounds; missing people are raised, silent terminals told apart', async () => {
  const call = Date.parse('2026-11-22T13:15:00.000Z');
  await house.moveTo(call + SECOND);
  const home = await house.read(terminalHome, house.deviceActor(cell));
  const open = must(home.rollCall, 'roll call');
  expect(open).toMatchObject({ round: 1 });
  const people = await house.world.db.selectFrom('person').select(['id as person', 'number']).where('cell', '=', cell).where('state', '=', 'held').execute();
  const [absent, ...present] = people;
  for (const person of present) expect(await house.asPerson(cell, person, 'roll-call.answer', { rollCall: open.id })).toMatchObject({ outcome: 'accepted' });
  await house.moveTo(call + 20 * MINUTE);
  const state = await house.world.db.selectFrom('roll_call_cell').select(['cell', 'state', 'offline']).where('roll_call', '=', open.id).execute();
  expect(state.find((one) => one.cell === cell)).toMatchObject({ state: 'missing', offline: false });
  expect(state.some((one) => one.offline)).toBe(true);
  const officer = await house.officer('control-room');
  expect(await house.asOfficer(officer, 'roll-call.confirm', { rollCall: open.id, cell, seen: [must(absent, 'absent').person], note: '' })).toMatchObject({
    outcome: 'accepted',
  });
  expect(
    await house.world.db.selectFrom('alert').select('cell').where('title', '=', 'alert.title.roll-call-missing').where('cell', '=', cell).execute(),
  ).toHaveLength(1);
});

test('DUTY25: a night without anybody leaves no job that failed', async () => {
  await house.moveTo(EVENING + 6 * HOUR);
  const jobs = await house.world.db.selectFrom('job').select('id').where('last_error', 'is not', null).execute();
  expect(jobs).toEqual([]);
});
