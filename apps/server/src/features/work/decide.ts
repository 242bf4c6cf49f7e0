import { must } from '@sallyport/basics';
import type { BodyOf, ResultOf, workDecide } from '@sallyport/contracts';
import { decideWork } from '@sallyport/domain';
import { accepted, type CommandScope, type Handled, type OfficerActor, refused } from '../../platform/commands/kind.js';
import type { WorkDecision } from '../../platform/feature.js';
import { finishDecided } from './effect.js';
import { scheduleEffect } from './jobs.js';
import type { WorkKinds } from './kind.js';
import { holding, refuseBy, ruleItem } from './rules.js';
import { addWorkEvents, setItem, type WorkItem } from './store.js';

type DecideBody = BodyOf<typeof workDecide>;

/**
 * Records a verdict on a locked item. It is final for everybody else at once and takes effect after the undo time.
 * A second verdict is refused with who gave the first and when; a stale one with the version that holds now.
 */
export async function recordVerdict(
  kinds: WorkKinds,
  scope: CommandScope,
  body: DecideBody,
  item: WorkItem,
  officer: OfficerActor,
): Promise<Handled<ResultOf<typeof workDecide>>> {
  const { verdict, reasonCode, seenVersion, note = null, input = {} } = body;
  const decided = decideWork(ruleItem(item), { officer: officer.id, verdict, seenVersion, reasonCode, input }, scope.now, scope.policy);
  if (!decided.ok) return refuseBy(decided.error, item, scope.now);
  const decision: WorkDecision = {
    item: item.id,
    ref: item.ref,
    verdict,
    by: { id: officer.id, name: officer.name },
    at: scope.now,
    reasonCode: reasonCode ?? null,
    note,
    input,
  };
  const code = (await must(kinds.get(item.kind), `work kind ${item.kind}`).check?.(scope, decision)) ?? null;
  if (code) return refused(code, `this ${item.kind} cannot be given the verdict ${verdict}`, { version: item.version });
  const { version, decision: standing } = decided.value;
  await addWorkEvents(scope, [{ item: item.id, who: officer, what: `verdict-${verdict}`, note: note ?? reasonCode ?? null }]);
  scope.hint({ topic: 'work-item', cell: item.cell });
  if (!standing) {
    await setItem(scope, item.id, { ...holding(decided.value, officer), version });
    return accepted({ version, undoUntil: null });
  }
  const undoUntil = standing.effectiveAt > scope.now ? standing.effectiveAt : null;
  await setItem(scope, item.id, {
    ...holding(decided.value, officer),
    state: 'decided',
    version,
    verdict,
    decided_by: officer.id,
    decided_name: officer.name,
    decided_at: new Date(scope.now),
    undo_until: undoUntil === null ? null : new Date(undoUntil),
    reason_code: reasonCode ?? null,
    note,
    input: JSON.stringify(input),
  });
  if (undoUntil === null) await finishDecided(kinds, scope, item.id, version);
  else await scheduleEffect(scope, item.id, version, undoUntil);
  return accepted({ version, undoUntil: undoUntil === null ? null : new Date(undoUntil).toISOString() });
}
