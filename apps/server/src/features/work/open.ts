import { type Id, type Instant, SECOND } from '@sallyport/basics';
import type { PolicyDocument, Role, Verdict, WorkKind } from '@sallyport/contracts';
import { escalationSteps } from '@sallyport/domain';
import { sql } from 'kysely';
import { type NewJob, scheduleAll } from '../../platform/jobs/index.js';
import type { WorkScope } from './kind.js';
import { addWorkEvents, UNHELD, type WorkItem } from './store.js';

/** Name of the job that tells the next post of an item that waits too long. */
export const ESCALATE_JOB = 'work.escalate';

export interface NewWorkItem {
  readonly kind: WorkKind;
  /** Id of the thing in its slice. */
  readonly ref: Id;
  readonly cell: string | null;
  readonly place?: string | null;
}

/** Kinds whose chain an alert runs; the alert tells the queue how far it has come. */
const ALERTED: ReadonlySet<WorkKind> = new Set(['emergency-call', 'duty-review', 'roll-call-review']);

/** The job of step `step` of an item, as a list: empty when its chain is shorter. */
export function escalationJobs(item: { id: Id; kind: WorkKind; created: Instant }, step: number, policy: PolicyDocument): NewJob[] {
  const next = ALERTED.has(item.kind) ? undefined : escalationSteps(item.kind, policy)[step];
  return next ? [{ kind: ESCALATE_JOB, key: `${item.id}:${step}`, dueAt: item.created + next.afterSeconds * SECOND, payload: { item: item.id, step } }] : [];
}

/**
 * Puts things into the queue in the caller's transaction; class, deadline and escalation come from the policy.
 * A thing that waits already stays as it is. Gives the item of every reference.
 */
export async function openWorkItems(scope: WorkScope, items: readonly NewWorkItem[]): Promise<Map<Id, Id>> {
  if (items.length === 0) return new Map();
  const rows = items.map((item) => {
    const { priority, deadlineSeconds } = scope.policy.work.kinds[item.kind];
    return {
      id: scope.newId(),
      kind: item.kind,
      ref: item.ref,
      cell: item.cell,
      place: item.place ?? (item.cell === null ? null : `cell:${item.cell}`),
      priority,
      created_at: new Date(scope.now),
      deadline: new Date(scope.now + deadlineSeconds * SECOND),
    };
  });
  // The condition names the partial index, so it must stand in the text: a plan for any parameter would not find the index.
  const fresh = await scope.trx
    .insertInto('work_item')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['kind', 'ref']).where('state', '<>', sql.lit('done')).doNothing())
    .returning(['id', 'kind', 'cell'])
    .execute();
  await addWorkEvents(
    scope,
    fresh.map(({ id }) => ({ item: id, what: 'opened' })),
  );
  const steps = fresh.flatMap(({ id, kind }) => escalationJobs({ id, kind: kind as WorkKind, created: scope.now }, 1, scope.policy));
  await scheduleAll(scope.trx, steps);
  for (const { cell } of fresh) scope.hint({ topic: 'work-item', cell });
  const waiting = await scope.trx
    .selectFrom('work_item')
    .select(['id', 'ref'])
    .where('state', '<>', 'done')
    .where(
      'ref',
      'in',
      items.map(({ ref }) => ref),
    )
    .execute();
  return new Map(waiting.map(({ id, ref }) => [ref, id]));
}

/** Puts one thing into the queue; see `openWorkItems`. */
export async function openWorkItem(scope: WorkScope, item: NewWorkItem): Promise<Id> {
  return (await openWorkItems(scope, [item])).get(item.ref) as Id;
}

export interface WorkClosing {
  /** Who settled the thing elsewhere, e.g. on the alert's own page; null: the world settled it. */
  readonly by: { readonly id: Id; readonly name: string } | null;
  /** Word for the history. */
  readonly what: string;
  /** Recorded as the verdict, so that a second one is refused and shows this one. Needs `by`. */
  readonly verdict?: Verdict;
  readonly note?: string;
}

/** Takes things out of the queue because they are settled. Things that do not wait are left alone. */
export async function closeWorkItems(scope: WorkScope, kind: WorkKind, refs: readonly Id[], closing: WorkClosing): Promise<void> {
  if (refs.length === 0) return;
  const { by, verdict } = closing;
  const decision = by && verdict ? { verdict, decided_by: by.id, decided_name: by.name, decided_at: new Date(scope.now) } : {};
  const closed = await scope.trx
    .updateTable('work_item')
    .set({ ...decision, ...UNHELD, state: 'done', done_at: new Date(scope.now), version: sql<number>`version + 1` })
    .where('kind', '=', kind)
    .where('ref', 'in', [...refs])
    .where('state', '<>', 'done')
    .returning(['id', 'cell'])
    .execute();
  await addWorkEvents(
    scope,
    closed.map(({ id }) => ({ item: id, who: by, what: closing.what, note: closing.note ?? null })),
  );
  for (const { cell } of closed) scope.hint({ topic: 'work-item', cell });
}

/** Takes one thing out of the queue; see `closeWorkItems`. */
export async function closeWorkItem(scope: WorkScope, kind: WorkKind, ref: Id, closing: WorkClosing): Promise<void> {
  await closeWorkItems(scope, kind, [ref], closing);
}

/** Notes on the waiting items of these references that a chain outside the queue (an alert's) has reached a step. */
export async function markEscalated(scope: WorkScope, refs: readonly Id[], step: number, to: Role): Promise<void> {
  if (refs.length === 0) return;
  const items = (await scope.trx
    .updateTable('work_item')
    .set({ escalated: step, escalated_to: to })
    .where('ref', 'in', [...refs])
    .where('state', 'in', ['open', 'claimed'])
    .returningAll()
    .execute()) as WorkItem[];
  await addWorkEvents(
    scope,
    items.map(({ id }) => ({ item: id, what: 'escalated', note: to })),
  );
  for (const { cell } of items) scope.hint({ topic: 'work-item', cell });
}
