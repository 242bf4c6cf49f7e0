import { blockOfCell, type WorkKind } from '@sallyport/contracts';
import { accessRefusal, blocksFor, WORK_PERMISSIONS } from '@sallyport/domain';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { OfficerActor } from '../../platform/commands/kind.js';
import type { Schema } from '../../platform/db/index.js';
import type { WorkRefusal } from './kind.js';
import type { WorkItem } from './store.js';

const KINDS = Object.keys(WORK_PERMISSIONS) as WorkKind[];

/** The condition that leaves only items this officer may know of: by kind's permission and block. One queue never leaks across roles. */
export function visibleTo(actor: OfficerActor) {
  return (eb: ExpressionBuilder<Schema, 'work_item'>): Expression<SqlBool> => {
    const allowed = KINDS.flatMap((kind) => {
      const blocks = blocksFor(actor.posts, WORK_PERMISSIONS[kind].see);
      if (blocks === 'all') return [eb('kind', '=', kind)];
      if (blocks.length === 0) return [];
      return [eb.and([eb('kind', '=', kind), eb.or([eb('cell', 'is', null), eb(sql<string>`left(cell, 2)`, 'in', [...blocks])])])];
    });
    return allowed.length === 0 ? sql<SqlBool>`false` : eb.or(allowed);
  };
}

const blockOf = (item: WorkItem) => (item.cell === null ? null : blockOfCell(item.cell));

/** Whether this officer may know that the item exists. */
export function maySee(actor: OfficerActor, item: WorkItem): boolean {
  return accessRefusal(actor.posts, WORK_PERMISSIONS[item.kind].see, blockOf(item)) === null;
}

/** Null when this officer may decide the item. An item that must not be seen is not found. */
export function decideRefusal(actor: OfficerActor, item: WorkItem | undefined): WorkRefusal | null {
  if (!item || !maySee(actor, item)) return { code: 'NOT_FOUND', message: 'no such work item' };
  const code = accessRefusal(actor.posts, WORK_PERMISSIONS[item.kind].decide, blockOf(item));
  return code && { code, message: `${item.kind} is not yours to decide` };
}
