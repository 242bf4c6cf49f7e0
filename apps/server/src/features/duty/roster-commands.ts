import { addDays } from '@sallyport/basics';
import { rosterCopy, rosterPropose, rosterSave, rosterSubmit } from '@sallyport/contracts';
import { copiedWeek, type PlannedSlot } from '@sallyport/domain';
import {
  accepted,
  type CommandKind,
  type CommandScope,
  commandKind,
  type Handled,
  oneByOne,
  type OfficerActor,
  refused,
} from '../../platform/commands/kind.js';
import { permittedCell } from './permitted.js';
import { loadWeek, plannableWeek, propose, shownConflicts, unfilledOf, type WeekPlan, weekConflicts, withLocked } from './roster.js';
import { lockRoster, lockWeek, newestRoster, type Roster, writeDraft } from './roster-store.js';
import { timetableOfWeek } from './timetable.js';
import { cellsOfSite } from '../person/index.js';
import { openWorkItem } from '../work/index.js';

const EDIT = { by: 'officer', permission: 'duty.roster.edit', cellOf: (body: { cell: string }) => body.cell } as const;
const SEED_BYTES = 8;

interface Week {
  readonly cell: string;
  readonly week: string;
  readonly seenVersion: number;
}

/** The week ready for a draft, or why it cannot be edited now. */
async function editable(scope: CommandScope, { cell, week, seenVersion }: Week): Promise<{ plan: WeekPlan; before: Roster | null } | Handled<never>> {
  if (!plannableWeek(week, scope.now, scope.policy)) return refused('ROSTER_IN_PAST', 'week must be the Monday of this week or of one of the next weeks');
  if (!(await cellsOfSite(scope.trx)).some(({ number }) => number === cell)) return refused('NOT_FOUND', 'there is no such cell');
  await lockWeek(scope, cell, week);
  const before = await newestRoster(scope.trx, cell, week);
  if ((before?.version ?? 0) !== seenVersion) return refused('STALE_VERSION', 'the roster changed since you saw it', { version: before?.version ?? 0 });
  if (before?.state === 'submitted') return refused('ALREADY_DONE', 'the roster waits for approval');
  return { plan: await loadWeek(scope.trx, cell, week, scope.now, scope.policy), before };
}

const auditWeek = (command: { body: { cell: string; week: string } }) => ({
  subjectKind: 'roster',
  subjectId: `${command.body.cell} ${command.body.week}`,
  cell: command.body.cell,
});

const save = commandKind<typeof rosterSave>({
  contract: rosterSave,
  access: EDIT,
  audit: (command) => ({ ...auditWeek(command), reason: command.body.reason ?? null }),
  handle: oneByOne(async (scope, { body, actor }) => {
    const ready = await editable(scope, body);
    if ('outcome' in ready) return ready;
    const known = new Set(ready.plan.slots.map(({ key }) => key));
    const strange = body.slots.find(
      ({ slot, people }) => !known.has(slot) || people.some((person) => !ready.plan.people.has(person) && !ready.plan.locked.has(slot)),
    );
    if (strange) return refused('ROSTER_CONFLICT', `${strange.slot} is no slot of this week, or names somebody who is not in the cell`, { slot: strange.slot });
    return accepted(await writeDraft(scope, ready.before, body.cell, body.week, withLocked(ready.plan, body.slots), actor.id, body.reason ?? null));
  }),
});

const proposal = commandKind<typeof rosterPropose>({
  contract: rosterPropose,
  access: EDIT,
  audit: auditWeek,
  handle: oneByOne(async (scope, { body, actor }) => {
    const ready = await editable(scope, body);
    if ('outcome' in ready) return ready;
    const seed = Buffer.from(scope.random.bytes(new Uint8Array(SEED_BYTES))).toString('hex');
    const slots = propose(ready.plan, seed, scope.policy);
    const draft = await writeDraft(scope, ready.before, body.cell, body.week, slots, actor.id, null);
    return accepted({ ...draft, unfilled: unfilledOf(ready.plan, slots, scope.policy) });
  }),
});

/** What was planned in the week before: its newest roster, whatever became of it. */
async function weekBefore(scope: CommandScope, cell: string, week: string): Promise<{ from: string; planned: readonly PlannedSlot[] } | null> {
  const from = addDays(week, -7);
  const roster = await newestRoster(scope.trx, cell, from);
  return roster && { from, planned: roster.slots };
}

const copy = commandKind<typeof rosterCopy>({
  contract: rosterCopy,
  access: EDIT,
  audit: auditWeek,
  handle: oneByOne(async (scope, { body, actor }) => {
    const ready = await editable(scope, body);
    if ('outcome' in ready) return ready;
    const source = await weekBefore(scope, body.cell, body.week);
    if (!source) return refused('NOT_FOUND', 'the week before has no roster');
    const copied = copiedWeek(await timetableOfWeek(scope.trx, source.from, scope.policy), source.planned, ready.plan.slots);
    // Somebody who has left the cell leaves an open seat; every other conflict is shown and stays the officer's to mend.
    const slots = copied.map(({ slot, people }) => ({ slot, people: people.filter((person) => ready.plan.people.has(person)) }));
    return accepted(await writeDraft(scope, ready.before, body.cell, body.week, withLocked(ready.plan, slots), actor.id, null));
  }),
});

const submit = commandKind<typeof rosterSubmit>({
  contract: rosterSubmit,
  access: { by: 'officer', permission: 'duty.roster.edit' },
  audit: ({ body }) => ({ subjectKind: 'roster', subjectId: body.rosterId }),
  handle: oneByOne(async (scope, { body, actor }) => {
    const roster = await lockRoster(scope, body.rosterId);
    if (!roster) return refused('NOT_FOUND', 'no such roster');
    const outside = permittedCell(actor as OfficerActor, 'duty.roster.edit', roster.cell);
    if (outside) return outside;
    if (roster.version !== body.seenVersion) return refused('STALE_VERSION', 'the roster changed since you saw it', { version: roster.version });
    // What came back may be handed in as it was, when talking it over was enough.
    if (roster.state !== 'draft' && roster.state !== 'returned') return refused('ALREADY_DONE', `the roster is ${roster.state}`);
    const plan = await loadWeek(scope.trx, roster.cell, roster.week, scope.now, scope.policy);
    const hard = weekConflicts(plan, roster.slots, scope.policy).filter(({ severity }) => severity === 'hard');
    if (hard.length > 0) return refused('ROSTER_CONFLICT', `${hard.length} conflicts must be mended first`, { conflicts: shownConflicts(hard).slice(0, 50) });
    await scope.trx
      .updateTable('duty_roster')
      .set({ state: 'submitted', submitted_by: actor.id, submitted_at: new Date(scope.now), decided_by: null, decided_at: null })
      .where('id', '=', roster.id)
      .execute();
    await openWorkItem(scope, { kind: 'roster-approval', ref: roster.id, cell: roster.cell });
    scope.hint({ topic: 'roster', cell: roster.cell });
    return accepted({});
  }),
});

export const rosterCommands: readonly CommandKind[] = [save, proposal, copy, submit];
