import { HOUR, MINUTE, must, SECOND } from '@sallyport/basics';
import { dutyBoard, rosterOf, workDetail } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { ensureFirstPolicy } from '../policy/index.js';
import { EVENING, FIRST_SLOT, House } from './house.fixture.js';

const WEEK = '2026-11-30';
const THIS_WEEK = '2026-11-16';

describe('rosters', () => {
  let house: House;
  let cell: string;
  let editor: OfficerActor;
  let approver: OfficerActor;
  beforeAll(async () => {
    house = await House.create();
    cell = (await house.world.db.selectFrom('duty_seat').select('cell').orderBy('cell').limit(1).executeTakeFirstOrThrow()).cell;
    editor = await house.officer('cell-officer', 0);
    approver = await house.officer('leadership', 1);
  });
  afterAll(() => house.world.drop());

  const view = (week: string) => house.read(rosterOf, editor, { cell, week });

  test('DUTY32: a proposal fills the week and keeps every exclusion', async () => {
    const empty = await view(WEEK);
    expect(empty).toMatchObject({ state: 'none', version: 0 });
    expect(await house.asOfficer(editor, 'duty.propose-roster', { cell, week: WEEK, seenVersion: 0 })).toMatchObject({
      outcome: 'accepted',
      result: { version: 1 },
    });
    const draft = await view(WEEK);
    expect(draft.state).toBe('draft');
    expect(draft.conflicts.filter(({ severity }) => severity === 'hard')).toEqual([]);
    expect(draft.unfilled).toEqual([]);
  });

  test('DUTY40: an edited draft shows its conflicts; stale edits and hard conflicts are refused', async () => {
    const draft = await view(WEEK);
    expect(await house.asOfficer(editor, 'duty.save-roster', { cell, week: WEEK, slots: [], seenVersion: 0 })).toMatchObject({
      code: 'STALE_VERSION',
      details: { version: draft.version },
    });
    const [first, second] = draft.slots;
    const twice = draft.slots.map(({ slot, people }) => ({ slot, people: slot === second?.slot ? [...must(first, 'slot').people] : people }));
    const saved = await house.asOfficer(editor, 'duty.save-roster', { cell, week: WEEK, slots: twice, seenVersion: draft.version, reason: 'a swap' });
    expect(saved).toMatchObject({ outcome: 'accepted', result: { version: draft.version + 1 } });
    const edited = await view(WEEK);
    const rules = edited.conflicts.map(({ rule }) => rule);
    const hard = edited.conflicts.filter(({ severity }) => severity === 'hard').length;
    const submitted = await house.asOfficer(editor, 'duty.submit-roster', { rosterId: must(edited.rosterId, 'roster'), seenVersion: edited.version });
    if (hard > 0) expect(submitted).toMatchObject({ outcome: 'refused', code: 'ROSTER_CONFLICT' });
    expect(rules.length).toBeGreaterThan(0);
    const back = draft.slots.map(({ slot, people }) => ({ slot, people: [...people] }));
    if (hard > 0)
      expect(await house.asOfficer(editor, 'duty.save-roster', { cell, week: WEEK, slots: back, seenVersion: edited.version })).toMatchObject({
        outcome: 'accepted',
      });
  });

  test('ACC8: nobody approves the own roster; approved it holds from the next slot', async () => {
    const draft = await view(WEEK);
    await house.asOfficer(editor, 'duty.submit-roster', { rosterId: must(draft.rosterId, 'roster'), seenVersion: draft.version });
    const item = await house.world.db
      .selectFrom('work_item')
      .selectAll()
      .where('kind', '=', 'roster-approval')
      .where('cell', '=', cell)
      .where('state', '<>', 'done')
      .executeTakeFirstOrThrow();
    const verdict = { item: item.id, seenVersion: item.version, verdict: 'approve' };
    const own: OfficerActor = { ...editor, posts: [{ role: 'leadership', blocks: 'all' }] };
    expect(await house.asOfficer(own, 'work.decide', verdict)).toMatchObject({ outcome: 'refused', code: 'NOT_ALLOWED' });
    expect(await house.asOfficer(approver, 'work.decide', verdict)).toMatchObject({ outcome: 'accepted' });
    await house.moveTo(house.world.now + 11 * SECOND);
    const approved = await view(WEEK);
    expect(approved).toMatchObject({ state: 'approved', effectiveFrom: must(approved.slots[0], 'slot').slot });
    const seats = await house.world.db
      .selectFrom('duty_seat')
      .select('slot')
      .where('cell', '=', cell)
      .where('roster', '=', must(approved.rosterId, 'roster'))
      .execute();
    expect(seats).toHaveLength(approved.slots.flatMap(({ people }) => people).length);
  });

  test('DUTY43: the week before is copied to the same places of the week', async () => {
    const later = '2026-12-07';
    expect(await house.asOfficer(editor, 'duty.copy-roster', { cell, week: later, seenVersion: 0 })).toMatchObject({ outcome: 'accepted' });
    const [from, to] = [await view(WEEK), await view(later)];
    expect(to.slots.map(({ people }) => people)).toEqual(from.slots.map(({ people }) => people));
  });

  test('DUTY5: slots that have begun stay as they were, and a past week cannot be planned', async () => {
    const before = await house.seats(cell);
    await house.moveTo(EVENING + 31 * MINUTE);
    const now = await view(THIS_WEEK);
    expect(now.slots.find(({ slot }) => slot === FIRST_SLOT)).toMatchObject({ locked: true, people: before.map(({ person }) => person) });
    const emptied = now.slots.map(({ slot }) => ({ slot, people: [] }));
    expect(await house.asOfficer(editor, 'duty.save-roster', { cell, week: THIS_WEEK, slots: emptied, seenVersion: now.version })).toMatchObject({
      outcome: 'accepted',
    });
    expect((await view(THIS_WEEK)).slots.find(({ slot }) => slot === FIRST_SLOT)?.people).toEqual(before.map(({ person }) => person));
    expect(await house.asOfficer(editor, 'duty.propose-roster', { cell, week: '2026-11-09', seenVersion: 0 })).toMatchObject({ code: 'ROSTER_IN_PAST' });
  });
});

describe('cells without a roster', () => {
  let house: House;
  const alerts = () => house.world.db.selectFrom('alert').selectAll().where('title', '=', 'duty.anomaly.NO_ROSTER').orderBy('cell').execute();
  const missing = async () => (await house.anomalies()).filter(({ kind }) => kind === 'NO_ROSTER');
  const items = () => house.world.db.selectFrom('work_item').selectAll().where('kind', '=', 'roster-missing').where('state', '<>', 'done').execute();
  beforeEach(async () => {
    house = await House.create();
  });
  afterEach(() => house.world.drop());

  test('DUTY47: held cells that nobody planned are raised as the slot begins: one alert and one review per block, told apart on the board', async () => {
    await sql`delete from duty_seat`.execute(house.world.db);
    await sql`update duty_roster set state = 'draft', effective_from = null`.execute(house.world.db);
    await house.moveTo(EVENING + 30 * MINUTE - 1);
    expect(await missing()).toEqual([]);
    const officer = await house.officer('control-room');
    const states = async () => new Set((await house.read(dutyBoard, officer)).cells.filter(({ people }) => people > 0).map(({ state }) => state));
    expect(await states()).toEqual(new Set(['no-roster']));
    await house.moveTo(EVENING + 30 * MINUTE);
    const found = await missing();
    const held = await house.world.db.selectFrom('person').select('cell').distinct().where('state', '=', 'held').execute();
    expect(found.map(({ cell }) => cell)).toEqual(held.map(({ cell }) => cell).sort());
    const blocks = new Set(found.map(({ cell }) => cell.slice(0, 2)));
    const raised = await alerts();
    expect(raised.map(({ cell, level }) => [cell?.slice(0, 2), level])).toEqual([...blocks].sort().map((block) => [block, 'medium']));
    expect(raised.map(({ count }) => count).reduce((sum, count) => sum + count, 0)).toBe(found.length);
    const waiting = await house.world.db.selectFrom('work_item').selectAll().where('kind', '=', 'duty-review').execute();
    // The evening's roll call left reviews of its own.
    const reviews = waiting.filter(({ created_at }) => created_at === house.world.now);
    expect(reviews.map(({ ref }) => ref).sort()).toEqual(raised.map(({ id }) => id).sort());
    await house.moveTo(EVENING + 8 * HOUR);
    expect(await missing()).toHaveLength(found.length);
    const [first, ...others] = reviews;
    const page = await house.read(workDetail, officer, { id: must(first, 'review').id });
    expect(page.title.key).toBe('duty.anomaly.NO_ROSTER');
    expect(page.content).toMatchObject({
      kind: 'NO_ROSTER',
      cells: found.flatMap(({ cell }) => (cell.startsWith(String(page.cell).slice(0, 2)) ? [cell] : [])),
    });
    const verdict = { item: must(first, 'review').id, seenVersion: 1, verdict: 'end', input: { measure: 'officers stood watch', result: 'rosters are made' } };
    expect(await house.asOfficer(officer, 'work.decide', verdict)).toMatchObject({ outcome: 'accepted' });
    await house.moveTo(house.world.now + 11 * SECOND);
    const ended = (await missing()).filter(({ state }) => state === 'ended');
    expect(new Set(ended.map(({ alert }) => alert))).toEqual(new Set([must(first, 'review').ref]));
    expect((await alerts()).filter(({ state }) => state !== 'ended')).toHaveLength(others.length);
    await house.moveTo(EVENING + 15 * HOUR + 5 * MINUTE);
    expect(await missing()).toHaveLength(2 * found.length);
  });

  test('DUTY47: a slot that its approved roster leaves empty, and a cell whose people are all out, are no gap', async () => {
    const officer = await house.officer('control-room');
    const [left, out] = must(await house.cells(), 'cells') as [string, string];
    const { world } = house;
    await sql`update duty_roster set slots = (select jsonb_agg(jsonb_set(e, '{people}', '[]')) from jsonb_array_elements(slots) e) where cell = ${left}`.execute(
      world.db,
    );
    await sql`delete from duty_seat where cell = any(${[left, out]}::text[])`.execute(world.db);
    await sql`insert into person_absence (id, person_id, reason, since, taken_by) select gen_random_uuid(), id, 'court', ${new Date(world.now)}, ${officer.id} from person where cell = ${out}`.execute(
      world.db,
    );
    await house.moveTo(EVENING + 31 * MINUTE);
    expect(await missing()).toEqual([]);
    const board = await house.read(dutyBoard, officer);
    expect(board.cells.filter(({ cell }) => cell === left || cell === out)).toMatchObject([{ state: 'not-planned' }, { state: 'not-planned' }]);
  });

  test('DUTY47: a slot from before the site began is no gap', async () => {
    const { world } = house;
    await sql`delete from duty_seat`.execute(world.db);
    const first = { id: world.newId(), now: EVENING + 31 * MINUTE, document: world.policy, reason: 'the site begins' };
    await ensureFirstPolicy(world.db, first);
    await house.moveTo(EVENING + 32 * MINUTE);
    expect(await missing()).toEqual([]);
  });

  test('DUTY49: a week without a roster waits in the queue a day before its first slot, once, and goes when one is approved', async () => {
    const cell = must((await house.cells())[0], 'cell');
    const monday = Date.parse('2026-11-30T04:00:00.000Z');
    house.world.now = monday - 25 * HOUR;
    await house.moveTo(house.world.now);
    expect(await items()).toEqual([]);
    await house.moveTo(monday - 23 * HOUR);
    const waiting = await items();
    expect(waiting.filter((item) => item.cell === cell)).toHaveLength(1);
    await house.moveTo(monday - 22 * HOUR);
    expect(await items()).toHaveLength(waiting.length);
    const editor = await house.officer('cell-officer', 0);
    const detail = await house.read(workDetail, editor, {
      id: must(
        waiting.find((item) => item.cell === cell),
        'item',
      ).id,
    });
    expect(detail.content).toMatchObject({ cell, week: WEEK, slot: '2026-11-30T12:00' });
    await house.asOfficer(editor, 'duty.propose-roster', { cell, week: WEEK, seenVersion: 0 });
    const made = await house.read(rosterOf, editor, { cell, week: WEEK });
    expect(await house.asOfficer(editor, 'duty.submit-roster', { rosterId: must(made.rosterId, 'roster'), seenVersion: made.version })).toMatchObject({
      outcome: 'accepted',
    });
    const approval = await house.world.db.selectFrom('work_item').selectAll().where('kind', '=', 'roster-approval').executeTakeFirstOrThrow();
    const approver = await house.officer('leadership', 1);
    expect(await house.asOfficer(approver, 'work.decide', { item: approval.id, seenVersion: 1, verdict: 'approve' })).toMatchObject({ outcome: 'accepted' });
    await house.moveTo(house.world.now + 11 * SECOND);
    expect((await items()).map((item) => item.cell)).not.toContain(cell);
  });
});

describe('the largest demo site', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.create('large');
  });
  afterAll(() => house.world.drop());

  test('DUTY18: 420 sign-ins of one second are taken, each once, with few statements', async () => {
    const seats = await house.world.db
      .selectFrom('duty_seat')
      .innerJoin('person', 'person.id', 'duty_seat.person')
      .select(['duty_seat.cell', 'person', 'number'])
      .where('slot', '=', FIRST_SLOT)
      .orderBy('duty_seat.cell')
      .execute();
    expect(seats.length).toBeGreaterThan(350);
    await house.addTerminals([...new Set(seats.map(({ cell }) => cell))]);
    await house.moveTo(EVENING + 29 * MINUTE);
    const commands = seats.map((seat) =>
      house.incoming('duty.sign-in', house.deviceActor(seat.cell), { person: { number: seat.number } }, { proof: house.proved(seat.person) }),
    );
    const began = performance.now();
    for (let from = 0; from < commands.length; from += 50) {
      const answers = await house.send('duty.sign-in', commands.slice(from, from + 50));
      expect(answers.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    }
    const spent = performance.now() - began;
    expect(await house.world.db.selectFrom('duty_sign_in').select('id').execute()).toHaveLength(seats.length);
    await house.moveTo(EVENING + 34 * MINUTE);
    expect((await house.anomalies()).filter(({ kind }) => kind !== 'TERMINAL_OFFLINE' && kind !== 'SOLO_DUTY')).toEqual([]);
    // A generous bound that only a statement per command would break.

    expect(spent).toBeLessThan(10_000);
  });
});
