import { addDays, MINUTE, mondayOf, must, SECOND, siteTime } from '@sallyport/basics';
import { rosterOf, rosterCheckPath, type RosterView, rosterView, rosterCheckResult, workDetail, workQueue } from '@sallyport/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONSOLE_ORIGIN, createTestApp, type TestApp, type TestConsole } from '../support/app.js';

let world: TestApp;
let editor: TestConsole;
let leader: TestConsole;
beforeEach(async () => {
  world = await createTestApp({ demo: true });
  [editor, leader] = [await signIn('control-room'), await signIn('leadership')];
});
afterEach(() => world.drop());

async function signIn(role: string): Promise<TestConsole> {
  const browser = world.console();
  const { json } = await browser.post('/api/demo/sign-in', { role });
  await browser.post('/api/access/link', { token: String(json['signInUrl']).split('#')[1] });
  return browser;
}
const advance = (milliseconds: number) => editor.post('/api/demo/clock', { advanceMs: milliseconds });
const waiting = async (browser: TestConsole, kind: string, cell: string) =>
  workQueue.response.parse((await browser.get(`/api/work-items?kind=${kind}&cell=${cell}`)).json).rows;
const week = () => addDays(mondayOf(siteTime(world.now(), 'Asia/Shanghai').date), 14);
const roster = async (): Promise<RosterView> => rosterView.parse((await editor.get(rosterOf.path.replace(':cell', '0101').replace(':week', week()))).json);

describe('rosters', () => {
  test('ACC8: the approver returns a roster with a reason; its maker reads why, mends it and hands it in again', async () => {
    await editor.command('duty.propose-roster', { cell: '0101', week: week(), seenVersion: 0 });
    const draft = await roster();
    expect(await editor.command('duty.submit-roster', { rosterId: draft.rosterId, seenVersion: draft.version })).toMatchObject({ outcome: 'accepted' });
    expect(await editor.command('duty.propose-roster', { cell: '0101', week: week(), seenVersion: draft.version })).toMatchObject({ code: 'ALREADY_DONE' });
    const item = must((await waiting(leader, 'roster-approval', '0101'))[0], 'item');
    const verdict = { item: item.id, seenVersion: item.version, verdict: 'return' };
    expect(await leader.command('work.decide', verdict)).toMatchObject({ outcome: 'refused', code: 'BODY_INVALID' });
    const why = { reasonCode: 'unfair', note: 'bed 3 has every night' };
    expect(await leader.command('work.decide', { ...verdict, ...why })).toMatchObject({ outcome: 'accepted' });
    expect((await roster()).state).toBe('submitted');
    await advance(11 * SECOND);
    expect(await roster()).toMatchObject({ state: 'returned', effectiveFrom: null, reason: 'bed 3 has every night' });
    const stored = await world.db
      .selectFrom('duty_roster')
      .select(['reason', 'decided_by'])
      .where('id', '=', must(draft.rosterId, 'roster'))
      .executeTakeFirst();
    expect(stored?.reason).toBe('bed 3 has every night');
    expect(await waiting(leader, 'roster-approval', '0101')).toEqual([]);
    expect(await editor.command('duty.submit-roster', { rosterId: draft.rosterId, seenVersion: draft.version })).toMatchObject({ outcome: 'accepted' });
    const second = must((await waiting(leader, 'roster-approval', '0101'))[0], 'item');
    await leader.command('work.decide', { item: second.id, seenVersion: second.version, verdict: 'return', reasonCode: 'gap' });
    await advance(11 * SECOND);
    expect(await roster()).toMatchObject({ state: 'returned', reason: 'gap' });
    const again = { cell: '0101', week: week(), seenVersion: draft.version, slots: draft.slots.map(({ slot, people }) => ({ slot, people })) };
    expect(await editor.command('duty.save-roster', again)).toMatchObject({ outcome: 'accepted' });
    const mended = await roster();
    expect(await editor.command('duty.submit-roster', { rosterId: mended.rosterId, seenVersion: mended.version })).toMatchObject({ outcome: 'accepted' });
    expect(await waiting(leader, 'roster-approval', '0101')).toHaveLength(1);
  });

  test('DUTY40: a draft is checked while it is edited, by whoever may edit it, and nothing is saved', async () => {
    await editor.command('duty.propose-roster', { cell: '0101', week: week(), seenVersion: 0 });
    const draft = await roster();
    const [first, second] = draft.slots;
    const body = {
      cell: '0101',
      week: week(),
      slots: draft.slots.map(({ slot, people }) => ({ slot, people: slot === second?.slot ? must(first, 'slot').people : people })),
    };
    const answer = await editor.post(rosterCheckPath, body);
    expect(answer.status).toBe(200);
    const { conflicts, people } = rosterCheckResult.parse(answer.json);
    expect(conflicts.filter(({ slot, severity }) => slot === second?.slot && severity === 'hard').map(({ rule }) => rule)).toContain('PREVIOUS_SLOT');
    expect(people.map(({ id }) => id)).toEqual(draft.people.map(({ id }) => id));
    expect(await roster()).toEqual(draft);
    expect(await editor.post(rosterCheckPath, { ...body, week: addDays(week(), 1) })).toMatchObject({ status: 400, json: { code: 'BODY_INVALID' } });
    expect(await (await signIn('medical')).post(rosterCheckPath, body)).toMatchObject({ status: 403, json: { code: 'NOT_ALLOWED' } });
    expect((await world.console().post(rosterCheckPath, body)).status).toBe(401);
  });
});

describe('who is away', () => {
  test('DUTY9, DUTY44: somebody taken out of the cell is excused, a substitute is proposed and serves on approval; back again, the rest is theirs', async () => {
    const seat = await world.db.selectFrom('duty_seat').select(['cell', 'slot', 'person']).orderBy('starts_at').orderBy('cell').executeTakeFirstOrThrow();
    const { cell, slot, person } = seat;
    expect(await leader.command('person.take-out', { person, reason: 'clinic' })).toMatchObject({ outcome: 'accepted' });
    const board = (await editor.get('/api/duty/board')).json['cells'] as { cell: string; seats: { personId: string; state: string; where: string | null }[] }[];
    expect(board.find((one) => one.cell === cell)?.seats.find(({ personId }) => personId === person)).toMatchObject({ state: 'excused', where: 'clinic' });
    const items = await waiting(editor, 'substitute', cell);
    const details = await Promise.all(items.map(async ({ id }) => workDetail.response.parse((await editor.get(`/api/work-items/${id}`)).json)));
    const item = must(
      details.find(({ content }) => content?.['slot'] === slot),
      'the vacancy of the slot',
    );
    const { absent, proposed } = item.content as { absent: { id: string }; proposed: { id: string } };
    expect(absent.id).toBe(person);
    expect(proposed.id).not.toBe(person);
    expect(await editor.command('work.decide', { item: item.id, seenVersion: item.version, verdict: 'approve' })).toMatchObject({ outcome: 'accepted' });
    await advance(11 * SECOND);
    const seats = await world.db.selectFrom('duty_seat').select('person').where('cell', '=', cell).where('slot', '=', slot).execute();
    expect(seats.map((one) => one.person)).toContain(proposed.id);
    expect(seats.map((one) => one.person)).not.toContain(person);
    expect(await leader.command('person.take-back', { person })).toMatchObject({ outcome: 'accepted' });
    const left = await world.db.selectFrom('duty_vacancy').select(['slot', 'state']).where('absent', '=', person).execute();
    expect(left.map((one) => one.state).filter((state) => state === 'open')).toEqual([]);
    expect(left).toContainEqual({ slot, state: 'filled' });
    expect(await waiting(editor, 'substitute', cell)).toEqual([]);
  });
});

describe('roll call', () => {
  test('ROLL1 to ROLL6: called by an officer, answered in two rounds, and whom an officer saw is seen', async () => {
    expect(await (await signIn('medical')).command('roll-call.start', { cells: ['0101'], reason: 'a noise' })).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await editor.command('roll-call.start', { cells: ['9999'], reason: 'a noise' })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await editor.get('/api/duty/rosters/9999/2026-11-23')).status).toBe(404);
    expect((await editor.post('/api/duty/roster-check', { cell: '9999', week: '2026-11-23', slots: [] })).status).toBe(404);
    const started = await editor.command('roll-call.start', { cells: ['0101', '0102'], reason: 'a noise was heard' });
    const { rollCall } = started.result as { rollCall: string };
    const read = async () =>
      must(
        ((await editor.get('/api/roll-calls')).json['rows'] as RollCall[]).find(({ id }) => id === rollCall),
        'roll call',
      );
    expect(await read()).toMatchObject({
      kind: 'ad-hoc',
      round: 1,
      reason: 'a noise was heard',
      cells: [{ cell: '0101', present: 0, offline: true, state: 'open' }, {}],
    });
    await advance(6 * MINUTE + SECOND);
    expect((await read()).round).toBe(2);
    await advance(5 * MINUTE);
    const over = await read();
    expect(over.cells.map(({ state }) => state)).toEqual(['missing', 'missing']);
    for (const { cell, missing } of over.cells) {
      const body = { rollCall, cell, seen: missing.map(({ id }) => id), note: '' };
      expect(await editor.command('roll-call.confirm', body)).toMatchObject({ outcome: 'accepted' });
      expect(await editor.command('roll-call.confirm', body)).toMatchObject({ code: 'ALREADY_DONE' });
    }
    expect((await read()).cells).toMatchObject([
      { state: 'confirmed', missing: [] },
      { state: 'confirmed', missing: [] },
    ]);
    const alerts = await world.db.selectFrom('alert').select('state').where('merge_key', 'like', `%${rollCall}%`).execute();
    expect(alerts).toEqual([{ state: 'ended' }]);
  });
  interface RollCall {
    id: string;
    round: number;
    cells: { cell: string; state: string; missing: { id: string }[] }[];
  }
});

describe('the queue', () => {
  test('WORK3: who has an item open is seen by the others, and only by who may see the item', async () => {
    await editor.command('duty.propose-roster', { cell: '0101', week: week(), seenVersion: 0 });
    const draft = await roster();
    await editor.command('duty.submit-roster', { rosterId: draft.rosterId, seenVersion: draft.version });
    const item = must((await waiting(leader, 'roster-approval', '0101'))[0], 'item');
    const view = async (browser: TestConsole, id: string) => {
      const headers = { host: 'console.localhost:8080', origin: CONSOLE_ORIGIN, ...(browser.cookie !== undefined && { cookie: browser.cookie }) };
      return (await world.app.http.inject({ method: 'POST', url: `/api/work-items/${id}/view`, headers })).statusCode;
    };
    const viewers = async () => workDetail.response.parse((await leader.get(`/api/work-items/${item.id}`)).json).viewers;
    expect(await viewers()).toEqual([]);
    expect(await view(editor, item.id)).toBe(204);
    expect(await view(editor, item.id)).toBe(204);
    expect(await viewers()).toEqual([String((await editor.get('/api/me')).json['name'])]);
    world.advance(MINUTE);
    expect(await viewers()).toEqual([]);
    expect(await view(await signIn('finance'), item.id)).toBe(404);
    expect(await view(editor, '019bfb00-0000-7000-8000-00000000000b')).toBe(404);
    expect(await view(world.console(), item.id)).toBe(401);
  });
});
