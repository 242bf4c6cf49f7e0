import { type Id, must } from '@sallyport/basics';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { WorkDecision } from '../../platform/feature.js';
import type { WorkKinds } from './kind.js';
import { addWorkEvents, lockItems, setItem, type WorkItem } from './store.js';

function decisionOf(item: WorkItem): WorkDecision {
  return {
    item: item.id,
    ref: item.ref,
    verdict: must(item.verdict, 'verdict'),
    by: { id: must(item.decided_by, 'decided_by'), name: must(item.decided_name, 'decided_name') },
    at: must(item.decided_at, 'decided_at'),
    reasonCode: item.reason_code,
    note: item.note,
    input: (item.input ?? {}) as Record<string, string>,
  };
}

/** Lets the verdict recorded as `version` take effect, once: a verdict that was undone, or an item settled elsewhere, does nothing. */
export async function finishDecided(kinds: WorkKinds, scope: CommandScope, id: Id, version: number): Promise<void> {
  const item = (await lockItems(scope.trx, [id])).get(id);
  if (!item || item.state !== 'decided' || item.version !== version) return;
  await must(kinds.get(item.kind), `work kind ${item.kind}`).apply(scope, decisionOf(item));
  const settled = (await lockItems(scope.trx, [id])).get(id)?.state === 'done';
  if (!settled) await setItem(scope, id, { state: 'done', done_at: new Date(scope.now), version: version + 1 });
  await addWorkEvents(scope, [{ item: id, what: 'took-effect' }]);
  scope.hint({ topic: 'work-item', cell: item.cell });
}
