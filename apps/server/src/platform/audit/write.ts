import { assert, type Instant, type Random } from '@sallyport/basics';
import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../db/index.js';
import { type AuditRecord, auditRecord } from './record.js';

/** Most records of one statement: a transaction of commands brings at most a few hundred. */
const APPEND_LIMIT = 5_000;

const jsonText = (value: unknown) => (value === undefined ? null : JSON.stringify(value));

/** The statement that writes these records, for a caller who writes more with it; its text is the same whatever their number. */
export function auditInsert(records: readonly AuditRecord[]): RawBuilder<unknown> {
  assert(records.length <= APPEND_LIMIT, 'audit records of one transaction');
  const column = (read: (record: AuditRecord) => unknown) => sql`${records.map((record) => read(record) ?? null)}`;
  return sql`
    insert into audit_record (id, at, action, content_hash, leaf_hash, salt, actor_kind, actor_id, session_id, device_id,
      subject_kind, subject_id, cell, block, outcome, reason, shown, detail)
    select * from unnest(
      ${column((record) => record.id)}::uuid[], ${column((record) => new Date(record.at).toISOString())}::timestamptz[], ${column((record) => record.action)}::text[],
      ${column((record) => record.contentHash)}::bytea[], ${column((record) => record.leafHash)}::bytea[], ${column((record) => record.salt)}::bytea[],
      ${column((record) => record.content.actor.kind)}::text[], ${column((record) => record.content.actor.id)}::text[],
      ${column((record) => record.content.session)}::text[], ${column((record) => record.content.device)}::text[],
      ${column((record) => record.content.subject?.kind)}::text[], ${column((record) => record.content.subject?.id)}::text[],
      ${column((record) => record.content.cell)}::text[], ${column((record) => record.content.block)}::text[],
      ${column((record) => record.content.outcome)}::text[], ${column((record) => record.content.reason)}::text[],
      ${column((record) => jsonText(record.content.shown))}::jsonb[], ${column((record) => jsonText(record.content.detail))}::jsonb[])`;
}

/**
 * Writes the records in the transaction of the effect they tell of, in one statement whatever their number.
 * The leaf follows within seconds, by the sequencer. No records: no statement.
 */
export async function appendAudit(trx: Trx, records: readonly AuditRecord[]): Promise<void> {
  if (records.length > 0) await auditInsert(records).execute(trx);
}

export interface ErasureOptions {
  /** Site time of the record that tells of the erasure. */
  readonly now: Instant;
  readonly random: Random;
  /** `audit.minDays` of the policy; the database refuses less than 180. */
  readonly days: number;
}

/** Most records erased in one transaction, so that retention never holds the table for long. */
export const ERASE_BATCH = 2_000;

/**
 * Erases the content of records older than the policy's days (by the database's own clock); their leaves stay. The erasure is itself recorded.
 * @returns how many; the caller comes again while it is not 0.
 */
export async function eraseAudit(trx: Trx, { now, random, days }: ErasureOptions): Promise<number> {
  const { rows } = await sql<{ erased: number }>`select audit_erase(${days}::integer, ${ERASE_BATCH}::integer) as erased`.execute(trx);
  const erased = rows[0]?.erased ?? 0;
  if (erased > 0) {
    const entry = {
      at: now,
      action: 'audit.erase',
      actor: { kind: 'system', id: 'retention' },
      outcome: 'accepted',
      detail: { days, erased },
    } as const;
    await appendAudit(trx, [auditRecord(entry, random)]);
  }
  return erased;
}
