import { MINUTE, must, SECOND } from '@sallyport/basics';
import { MOST_WORK_FILTERS, workDetail, workFilters, workQueue } from '@sallyport/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { EVENING, House } from '../duty/house.fixture.js';
import { openWorkItem } from './index.js';

let house: House;
let wang: OfficerActor;
let li: OfficerActor;
let cell: string;
beforeEach(async () => {
  house = await House.create();
  wang = await house.officer('control-room', 0);
  li = await house.officer('control-room', 1);
  cell = must((await house.cells())[0], 'cell');
});
afterEach(() => house.world.drop());

const END = { verdict: 'end', input: { measure: 'looked into it', result: 'all well' } };
async function item(kind: 'duty-review' | 'command-parked' | 'substitute' = 'duty-review') {
  return house.world.transact((scope) => openWorkItem(scope, { kind, ref: house.world.newId(), cell }));
}
const stored = (id: string) => house.world.db.selectFrom('work_item').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('the queue', () => {
  test('an item opens however often one connection has opened one: the plan that it keeps still finds the index of those that wait', async () => {
    const opened = await house.world.transact(async (scope) => {
      const ids: string[] = [];
      // More than the connection sends before it prepares a statement, and than PostgreSQL plans anew.
      for (let turn = 0; turn < 60; turn += 1) ids.push(await openWorkItem(scope, { kind: 'duty-review', ref: house.world.newId(), cell }));
      return ids;
    });
    expect(new Set(opened).size).toBe(60);
  });

  test('WORK3: a claim is a lease of 90 s; another is told who holds it and may take over with a reason', async () => {
    const id = await item();
    expect(await house.asOfficer(wang, 'work.claim', { item: id })).toMatchObject({ outcome: 'accepted', result: { version: 2 } });
    expect(await house.asOfficer(li, 'work.claim', { item: id })).toMatchObject({
      outcome: 'refused',
      code: 'HELD_BY_ANOTHER',
      details: { holder: wang.name },
    });
    expect(await house.asOfficer(li, 'work.claim', { item: id, takeOver: { reason: 'Wang was called away' } })).toMatchObject({
      outcome: 'accepted',
      result: { version: 3 },
    });
    expect(await house.asOfficer(wang, 'work.release', { item: id })).toMatchObject({ outcome: 'refused', code: 'HELD_BY_ANOTHER' });
    const detail = await house.read(workDetail, wang, { id });
    expect(detail).toMatchObject({ state: 'claimed', holder: { name: li.name, mine: false } });
    expect(detail.history.map(({ what }) => what)).toEqual(['opened', 'claimed', 'taken-over']);
  });

  test('WORK3: a lease ends by itself, once, also in another process; a renewed one lives on', async () => {
    const id = await item();
    await house.asOfficer(wang, 'work.claim', { item: id });
    await house.moveTo(house.world.now + 60 * SECOND);
    await house.asOfficer(wang, 'work.claim', { item: id });
    await house.moveTo(house.world.now + 60 * SECOND);
    expect(await stored(id)).toMatchObject({ state: 'claimed', holder: wang.id });
    await house.restart();
    await house.moveTo(house.world.now + 31 * SECOND);
    expect(await stored(id)).toMatchObject({ state: 'open', holder: null });
    expect(await house.asOfficer(li, 'work.claim', { item: id })).toMatchObject({ outcome: 'accepted' });
  });

  test('WORK4: of two verdicts at the same moment one counts; the other learns who decided what, when', async () => {
    const id = await item();
    const answers = await Promise.all([wang, li].map((officer) => house.asOfficer(officer, 'work.decide', { item: id, seenVersion: 1, ...END })));
    const [won, lost] = answers[0]?.outcome === 'accepted' ? [wang, answers[1]] : [li, answers[0]];
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(lost).toMatchObject({
      outcome: 'refused',
      code: 'ALREADY_DECIDED',
      details: { by: won.name, verdict: 'end', at: new Date(house.world.now).toISOString() },
    });
  });

  test('WORK4: a verdict on a version that is not there any more is refused', async () => {
    const id = await item();
    await house.asOfficer(wang, 'work.claim', { item: id });
    expect(await house.asOfficer(wang, 'work.decide', { item: id, seenVersion: 1, ...END })).toMatchObject({
      outcome: 'refused',
      code: 'STALE_VERSION',
      details: { version: 2 },
    });
  });

  test('WORK5: only what the kind offers, with what it asks for', async () => {
    const id = await item();
    expect(await house.asOfficer(wang, 'work.decide', { item: id, seenVersion: 1, verdict: 'approve' })).toMatchObject({ code: 'VERDICT_NOT_OFFERED' });
    expect(await house.asOfficer(wang, 'work.decide', { item: id, seenVersion: 1, verdict: 'end', input: { measure: 'x' } })).toMatchObject({
      code: 'BODY_INVALID',
    });
  });

  test('WORK7: undone within ten seconds nothing happened; afterwards it is too late', async () => {
    const id = await item();
    const decide = async () => house.asOfficer(wang, 'work.decide', { item: id, seenVersion: (await stored(id)).version, ...END });
    expect(await decide()).toMatchObject({ outcome: 'accepted', result: { undoUntil: new Date(house.world.now + 10 * SECOND).toISOString() } });
    await house.moveTo(house.world.now + 9 * SECOND);
    const { version } = await stored(id);
    expect(await house.asOfficer(li, 'work.undo', { item: id, seenVersion: version })).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await house.asOfficer(wang, 'work.undo', { item: id, seenVersion: version })).toMatchObject({ outcome: 'accepted' });
    await house.moveTo(house.world.now + 11 * SECOND);
    expect(await stored(id)).toMatchObject({ state: 'claimed', verdict: null });
    await decide();
    await house.restart();
    await house.moveTo(house.world.now + 10 * SECOND);
    expect(await stored(id)).toMatchObject({ state: 'done', verdict: 'end', decided_by: wang.id });
    expect(await house.asOfficer(wang, 'work.undo', { item: id, seenVersion: (await stored(id)).version })).toMatchObject({ code: 'UNDO_TOO_LATE' });
  });

  test('WORK10: escalation follows the policy across a restart', async () => {
    const id = await item('substitute');
    await house.restart();
    await house.moveTo(house.world.now + 600 * SECOND - SECOND);
    expect(await stored(id)).toMatchObject({ escalated: 0 });
    await house.moveTo(house.world.now + SECOND);
    expect(await stored(id)).toMatchObject({ escalated: 1, escalated_to: 'leadership' });
  });

  test('WORK1: by class, time left, age, page by page', async () => {
    const parked = await item('command-parked');
    const first = await item();
    house.world.now += MINUTE;
    const second = await item();
    const boss = { ...wang, posts: [...wang.posts, { role: 'system-admin' as const, blocks: 'all' as const }] };
    const one = await house.read(workQueue, boss, {}, { limit: 2 });
    expect(one.rows.map(({ id }) => id)).toEqual([first, second]);
    const two = await house.read(workQueue, boss, {}, { limit: 2, cursor: must(one.nextCursor, 'cursor') });
    expect(two.rows.map(({ id }) => id)).toEqual([parked]);
    expect(two.nextCursor).toBeNull();
    expect(one.counts).toMatchObject({ waiting: 3, 'duty-review': 2, 'command-parked': 1 });
  });

  test('ACC5: nothing leaks to another role or block', async () => {
    const id = await item();
    const admin = await house.officer('system-admin');
    const elsewhere: OfficerActor = { ...wang, posts: [{ role: 'cell-officer', blocks: ['99'] }] };
    for (const officer of [admin, elsewhere]) {
      expect((await house.read(workQueue, officer)).rows).toEqual([]);
      expect(await house.asOfficer(officer, 'work.claim', { item: id })).toMatchObject({ code: 'NOT_FOUND' });
      await expect(house.read(workDetail, officer, { id })).rejects.toThrow();
    }
    const medical = await house.officer('medical');
    expect(await house.asOfficer(medical, 'work.decide', { item: id, seenVersion: 1, ...END })).toMatchObject({ code: 'NOT_ALLOWED' });
  });

  test('WORK11: an officer keeps up to eight filters under names of their own; the same name replaces; nobody else has them', async () => {
    const filters = async (who: OfficerActor) => (await house.read(workFilters, who)).filters;
    const save = (who: OfficerActor, name: string, words: string, kind: string | null = null) =>
      house.asOfficer(who, 'work.save-filter', { name, kind, words });
    for (let n = 1; n <= MOST_WORK_FILTERS; n += 1) expect(await save(wang, `filter ${n}`, `010${n}`)).toMatchObject({ outcome: 'accepted' });
    expect(await save(wang, 'one more', '0101')).toMatchObject({ outcome: 'refused', code: 'FILTERS_FULL' });
    expect(await save(wang, 'filter 1', '0204', 'duty-review')).toMatchObject({ outcome: 'accepted' });
    expect((await filters(wang))[0]).toEqual({ name: 'filter 1', kind: 'duty-review', words: '0204' });
    expect(await filters(li)).toEqual([]);
    expect(await house.asOfficer(li, 'work.drop-filter', { name: 'filter 1' })).toMatchObject({ outcome: 'refused', code: 'NOT_FOUND' });
    expect(await house.asOfficer(wang, 'work.drop-filter', { name: 'filter 1' })).toMatchObject({ outcome: 'accepted' });
    expect(await filters(wang)).toHaveLength(MOST_WORK_FILTERS - 1);
  });

  test('WORK12: a row names bed and masked name of whom it is about, with what to know before standing before them', async () => {
    await house.addTerminals([cell]);
    const [one] = await house.seats(cell);
    const person = must(one, 'seat').person;
    await house.world.db
      .updateTable('person')
      .set({ risk_level: 1, flags: ['self-harm-watch'] })
      .where('id', '=', person)
      .execute();
    await house.moveTo(EVENING + 34 * MINUTE);
    const { rows } = await house.read(workQueue, wang, {}, { kind: 'duty-review', cell });
    const found = rows.flatMap(({ people }) => people);
    expect(found.length).toBeGreaterThan(0);
    for (const { bed, maskedName } of found) expect([bed, maskedName]).toEqual([expect.any(Number), expect.stringContaining('*')]);
    expect(found.find(({ riskLevel }) => riskLevel === 1)).toMatchObject({ flags: ['self-harm-watch'] });
  });
});
