import type { Id, Instant } from '@sallyport/basics';
import { sql } from 'kysely';
import { type AuditContent, auditLag, inclusionProof, latestCheckpoint } from '../../platform/audit/index.js';
import type { Db } from '../../platform/db/index.js';

/** Filters of the console; every one given must hold. Instants are site time, `to` is not included. */
export interface AuditRecordFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly cell?: string | undefined;
  readonly outcome?: string | undefined;
  /** Id of the last record already seen. */
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** A screen of the console. */
const DEFAULT_LIMIT = 50;
const MILLISECOND_HEX_DIGITS = 12;

const iso = (at: Instant) => new Date(at).toISOString();

/** The smallest id of an instant: ids are UUIDv7 of the record's time, so that the primary key answers ranges of time. */
function firstIdAt(instant: string): string {
  const hex = Math.max(0, Date.parse(instant)).toString(16).padStart(MILLISECOND_HEX_DIGITS, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function query(db: Db) {
  return db
    .selectFrom('audit_record as r')
    .leftJoin('audit_leaf as l', 'l.record_id', 'r.id')
    .leftJoin('officer as o', (join) => join.onRef(sql`o.id::text`, '=', 'r.actor_id').on('r.actor_kind', '=', 'officer'))
    .selectAll('r')
    .select(['l.leaf_index', 'o.name as actor_name'])
    .orderBy('r.id', 'desc');
}
type Row = Awaited<ReturnType<ReturnType<typeof query>['execute']>>[number];

function filtered(db: Db, filter: AuditRecordFilter) {
  const { from, to, actor, action, subject, cell, outcome, cursor } = filter;
  return query(db)
    .$if(from !== undefined, (rows) => rows.where('r.id', '>=', firstIdAt(from ?? '')))
    .$if(to !== undefined, (rows) => rows.where('r.id', '<', firstIdAt(to ?? '')))
    .$if(cursor !== undefined, (rows) => rows.where('r.id', '<', cursor ?? ''))
    .$if(actor !== undefined, (rows) => rows.where('r.actor_id', '=', actor ?? ''))
    .$if(action !== undefined, (rows) => rows.where('r.action', '=', action ?? ''))
    .$if(subject !== undefined, (rows) => rows.where('r.subject_id', '=', subject ?? ''))
    .$if(cell !== undefined, (rows) => rows.where('r.cell', '=', cell ?? ''))
    .$if(outcome !== undefined, (rows) => rows.where('r.outcome', '=', outcome ?? ''));
}

function view(row: Row) {
  return {
    id: row.id,
    at: iso(row.at),
    action: row.action,
    leafIndex: row.leaf_index,
    erasedAt: row.erased_at === null ? null : iso(row.erased_at),
    // The kinds are those of the table's CHECK constraints.
    actor: row.actor_kind === null ? null : { kind: row.actor_kind as 'officer' | 'device' | 'system' | 'person', id: row.actor_id, name: row.actor_name },
    session: row.session_id,
    device: row.device_id,
    subject: row.subject_kind === null ? null : { kind: row.subject_kind, id: row.subject_id },
    cell: row.cell,
    block: row.block,
    outcome: row.outcome as 'accepted' | 'refused' | 'parked' | 'failed' | null,
    reason: row.reason,
    shown: row.shown,
    detail: row.detail,
  };
}

/** Records, newest first, with the cursor of the next page (null: no more). Records without a leaf yet are among them. */
export async function listAuditRecords(db: Db, filter: AuditRecordFilter) {
  const limit = filter.limit ?? DEFAULT_LIMIT;
  const rows = await filtered(db, filter)
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  return { rows: page.map(view), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** The newest checkpoint with its co-signatures, and how far the log is behind. */
export async function auditLogState(db: Db) {
  const [checkpoint, lag] = await Promise.all([latestCheckpoint(db), auditLag(db)]);
  const behind = { waiting: lag.waiting, lagSeconds: lag.seconds };
  if (!checkpoint) return { checkpoint: null, ...behind };
  const { size, root, note, at } = checkpoint;
  const lines = await db.selectFrom('audit_cosignature').select(['key_name', 'at']).where('tree_size', '=', size).orderBy('key_name').execute();
  return {
    checkpoint: { size, root: root.toString('base64'), note, at: iso(at), cosignedBy: lines.map((line) => ({ name: line.key_name, at: iso(line.at) })) },
    ...behind,
  };
}

function contentOf(row: Row): AuditContent | null {
  if (row.salt === null || row.actor_kind === null || row.outcome === null) return null;
  const members = {
    actor: { kind: row.actor_kind, ...(row.actor_id !== null && { id: row.actor_id }) },
    outcome: row.outcome,
    salt: row.salt.toString('base64'),
    session: row.session_id,
    device: row.device_id,
    subject: row.subject_kind === null ? null : { kind: row.subject_kind, ...(row.subject_id !== null && { id: row.subject_id }) },
    cell: row.cell,
    block: row.block,
    reason: row.reason,
    shown: row.shown,
    detail: row.detail,
  };
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== null)) as unknown as AuditContent;
}

/** The proof file of one record for `audit:verify --proof`; null when there is no such record or it waits for its leaf. */
export async function auditRecordProofOf(db: Db, id: Id) {
  const [row, proof] = await Promise.all([query(db).where('r.id', '=', id).executeTakeFirst(), inclusionProof(db, id)]);
  if (!row || !proof) return null;
  const content = contentOf(row);
  return {
    format: 'sallyport-audit-proof/1' as const,
    record: { id, at: iso(row.at), action: row.action, contentHash: row.content_hash.toString('base64'), content: content && { ...content } },
    leafIndex: proof.leafIndex,
    path: proof.path.map((hash) => hash.toString('base64')),
    checkpoint: proof.checkpoint.note,
  };
}
