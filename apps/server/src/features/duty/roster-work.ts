import { approvalRefusal, WORK_VERDICTS } from '@sallyport/domain';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { WorkDecision, WorkKindDefinition } from '../../platform/feature.js';
import { loadWeek, putInForce, weekConflicts } from './roster.js';
import { findRosterGaps } from './roster-gap.js';
import { lockRoster, type Roster, rosterById } from './roster-store.js';

async function hardConflicts(scope: CommandScope, roster: Roster): Promise<number> {
  const plan = await loadWeek(scope.trx, roster.cell, roster.week, scope.now, scope.policy);
  return weekConflicts(plan, roster.slots, scope.policy).filter(({ severity }) => severity === 'hard').length;
}

async function sendBack(scope: CommandScope, roster: Roster, { by }: WorkDecision, reason: string): Promise<void> {
  const change = { state: 'returned', decided_by: by.id, decided_at: new Date(scope.now), reason: reason.slice(0, 500) };
  await scope.trx.updateTable('duty_roster').set(change).where('id', '=', roster.id).execute();
  scope.hint({ topic: 'roster', cell: roster.cell });
}

/** Approval of a weekly roster by somebody other than who submitted it. */
export const rosterWork: WorkKindDefinition = {
  kind: 'roster-approval',
  verdicts: WORK_VERDICTS['roster-approval'],
  async titles(db, refs) {
    const rows = await db
      .selectFrom('duty_roster')
      .select(['id', 'cell', 'week', 'version'])
      .where('id', 'in', [...refs])
      .execute();
    return new Map(rows.map(({ id, cell, week, version }) => [id, { key: 'work.title.roster-approval', values: { cell, week, version: String(version) } }]));
  },
  async content(db, ref) {
    const roster = await rosterById(db, ref);
    return roster && { rosterId: ref, cell: roster.cell, week: roster.week, version: roster.version, state: roster.state, reason: roster.reason };
  },
  async check(scope, { ref, verdict, by }) {
    const roster = await rosterById(scope.trx, ref);
    if (!roster) return 'NOT_FOUND';
    if (roster.state !== 'submitted') return 'ALREADY_DONE';
    if (verdict !== 'approve') return null;
    const own = approvalRefusal(roster.submitted_by ?? '', by.id);
    if (own) return own;
    return (await hardConflicts(scope, roster)) > 0 ? 'ROSTER_CONFLICT' : null;
  },
  async apply(scope, decision) {
    const roster = await lockRoster(scope, decision.ref);
    if (roster?.state !== 'submitted') return;
    if (decision.verdict !== 'approve') return sendBack(scope, roster, decision, decision.note ?? decision.reasonCode ?? decision.verdict);
    // Somebody may have been moved or fallen ill within the undo time.
    if ((await hardConflicts(scope, roster)) > 0) return sendBack(scope, roster, decision, 'ROSTER_CONFLICT');
    const effectiveFrom = await putInForce(scope, roster);
    if (effectiveFrom === null) return sendBack(scope, roster, decision, 'ROSTER_IN_PAST');
    const approved = { state: 'approved', decided_by: decision.by.id, decided_at: new Date(scope.now), effective_from: effectiveFrom };
    await scope.trx.updateTable('duty_roster').set(approved).where('id', '=', roster.id).execute();
    await findRosterGaps(scope, [roster.cell]);
  },
};
