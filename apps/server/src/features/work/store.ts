import type { Id, Instant } from '@sallyport/basics';
import type { PriorityClass, Verdict, WorkKind } from '@sallyport/contracts';
import type { Selectable, Updateable } from 'kysely';
import { at, type Schema, type Trx } from '../../platform/db/index.js';
import type { WorkScope } from './kind.js';

type Row = Selectable<Schema['work_item']>;
/** A work item as it rests, its closed sets typed; the table's constraints hold them. */
export interface WorkItem extends Omit<Row, 'kind' | 'priority' | 'state' | 'verdict'> {
  readonly kind: WorkKind;
  readonly priority: PriorityClass;
  readonly state: 'open' | 'claimed' | 'decided' | 'done';
  readonly verdict: Verdict | null;
}

/** Locks the items in one order, so that two batches never wait for each other, and gives them by id. */
export async function lockItems(trx: Trx, ids: readonly Id[]): Promise<Map<Id, WorkItem>> {
  const rows = await trx
    .selectFrom('work_item')
    .selectAll()
    .where('id', 'in', [...new Set(ids), NO_ID])
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map((rows as WorkItem[]).map((row) => [row.id, row]));
}
/** Keeps an `in` list from being empty. */
const NO_ID = '00000000-0000-7000-8000-000000000000';

export interface WorkEvent {
  readonly item: Id;
  readonly who?: { readonly id: Id; readonly name: string } | null;
  readonly what: string;
  readonly note?: string | null;
}

/** Adds lines to the histories. They are never changed. */
export async function addWorkEvents(scope: WorkScope, events: readonly WorkEvent[], when: Instant = scope.now): Promise<void> {
  if (events.length === 0) return;
  await scope.trx
    .insertInto('work_event')
    .values(
      events.map((event) => ({
        id: scope.newId(),
        item: event.item,
        at: new Date(when),
        who: event.who?.id ?? null,
        who_name: event.who?.name ?? null,
        what: event.what,
        note: event.note ?? null,
      })),
    )
    .execute();
}

/** What `free` sets: nobody holds the item. */
export const UNHELD = { holder: null, holder_name: null, held_since: null, lease_until: null } as const;

/** Changes one item; the caller has locked it. */
export async function setItem(scope: WorkScope, item: Id, change: Partial<Updateable<Schema['work_item']>>): Promise<void> {
  await scope.trx.updateTable('work_item').set(change).where('id', '=', item).execute();
}

/** Whether somebody's lease holds at a moment. */
export function isHeld(item: WorkItem, now: Instant): boolean {
  return item.state === 'claimed' && item.lease_until !== null && item.lease_until > now;
}

/** Items whose lease ended without an act of the holder become open again; returns them. */
export async function freeExpired(trx: Trx, now: Instant, ids: readonly Id[]): Promise<WorkItem[]> {
  const rows = await trx
    .updateTable('work_item')
    .set({ state: 'open', ...UNHELD })
    .where('id', 'in', [...ids, NO_ID])
    .where('state', '=', 'claimed')
    .where('lease_until', '<=', at(now))
    .returningAll()
    .execute();
  return rows as WorkItem[];
}
