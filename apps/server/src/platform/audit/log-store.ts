import { assert, must } from '@sallyport/basics';
import { sql } from 'kysely';
import type { Db, Trx } from '../db/index.js';
import { consistencySpans, Frontier, type Hash, inclusionSpans, nodeHash, peakSpans, rootOf, type Span, SUBTREE_HEIGHT, splitPoint } from './merkle.js';

/*
 * Reads of the stored log. Whole subtrees of 256, 256² … leaves have their roots stored, so that a proof over millions of leaves
 * reads some hundred rows.
 */

const SUBTREE_LEAVES = 2 ** SUBTREE_HEIGHT;

export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Hash;
  readonly note: string;
  /** Database time at which it was signed. */
  readonly at: number;
}

/** The newest checkpoint, or the newest of at most `size` leaves; null on an empty log. */
export async function latestCheckpoint(db: Db | Trx, size: number = Number.MAX_SAFE_INTEGER): Promise<StoredCheckpoint | null> {
  const { rows } = await sql<StoredCheckpoint>`
    select tree_size as size, root_hash as root, note, at from audit_checkpoint where tree_size <= ${size} order by tree_size desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Stored hashes `from` up to `to` of a level: level 0 are leaves, level n roots of 256^n leaves. */
async function storedHashes(db: Db | Trx, level: number, { from, to }: Span): Promise<Hash[]> {
  const rows =
    level === 0
      ? await sql<{ hash: Hash }>`select leaf_hash as hash from audit_leaf where leaf_index >= ${from} and leaf_index < ${to} order by leaf_index`.execute(db)
      : await sql<{ hash: Hash }>`select hash from audit_subtree where level = ${level} and index >= ${from} and index < ${to} order by index`.execute(db);
  assert(rows.rows.length === to - from, 'the audit log has every hash below its size');
  return rows.rows.map((row) => row.hash);
}

/** The root over the leaves of a span that starts where a subtree of its width can start; the log reaches at least to its end. */
export async function spanRoot(db: Db | Trx, { from, to }: Span): Promise<Hash> {
  const width = to - from;
  const whole = width === 1 || splitPoint(width + 1) === width;
  if (!whole) {
    const middle = from + splitPoint(width);
    return nodeHash(await spanRoot(db, { from, to: middle }), await spanRoot(db, { from: middle, to }));
  }
  let level = 0;
  let unit = 1;
  while (unit * SUBTREE_LEAVES <= width) {
    level += 1;
    unit *= SUBTREE_LEAVES;
  }
  return rootOf(await storedHashes(db, level, { from: from / unit, to: to / unit }));
}

async function spanRoots(db: Db | Trx, spans: readonly Span[]): Promise<Hash[]> {
  const roots: Hash[] = [];
  for (const span of spans) roots.push(await spanRoot(db, span));
  return roots;
}

/** The right border of the log at a size, from what is stored. */
export async function loadFrontier(db: Db | Trx, size: number): Promise<Frontier> {
  return new Frontier(size, await spanRoots(db, peakSpans(size)));
}

/** Proof that the checkpoint of `newer` leaves continues the one of `older`, for a witness. */
export function consistencyProof(db: Db, older: number, newer: number): Promise<Hash[]> {
  return spanRoots(db, consistencySpans(older, newer));
}

export interface Inclusion {
  readonly leafIndex: number;
  readonly path: readonly Hash[];
  readonly checkpoint: StoredCheckpoint;
}

/** Proof that a record is in the log of the newest checkpoint; null while it waits for its leaf, or when there is no such record. */
export async function inclusionProof(db: Db, recordId: string): Promise<Inclusion | null> {
  const { rows } = await sql<{ leafIndex: number }>`select leaf_index as "leafIndex" from audit_leaf where record_id = ${recordId}`.execute(db);
  if (!rows[0]) return null;
  const { leafIndex } = rows[0];
  // Leaves and their checkpoint commit together, so a leaf that can be seen has one.
  const checkpoint = must(await latestCheckpoint(db), 'checkpoint');
  return { leafIndex, path: await spanRoots(db, inclusionSpans(leafIndex, checkpoint.size)), checkpoint };
}

export interface AuditLag {
  /** Records without a leaf. */
  readonly waiting: number;
  /** Age of the oldest of them in seconds by the database's clock; 0 when none waits. */
  readonly seconds: number;
}

/** How far the sequencer is behind the records. */
export async function auditLag(db: Db): Promise<AuditLag> {
  const { rows } = await sql<AuditLag>`
    select count(*)::integer as waiting, coalesce(extract(epoch from clock_timestamp() - min(queued_at)), 0)::float8 as seconds from audit_pending`.execute(db);
  return must(rows[0], 'lag');
}

/** Above this the site works on but is not ready: the log no longer vouches for what happens now (decision 10). */
const READY_LAG_SECONDS = 60;

/** A check of `/readyz`: the reason why the audit is not ready, or nothing. */
export async function auditNotReady(db: Db): Promise<string | undefined> {
  const { seconds, waiting } = await auditLag(db);
  return seconds > READY_LAG_SECONDS ? `the audit log is ${Math.round(seconds)} s behind (${waiting} records wait)` : undefined;
}
