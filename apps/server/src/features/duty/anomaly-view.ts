import type { Id } from '@sallyport/basics';
import type { AnomalyKind, AnomalyView, SignInReview } from '@sallyport/contracts';
import type { Selectable } from 'kysely';
import type { Db, Schema } from '../../platform/db/index.js';
import { peopleByIds } from '../person/index.js';
import { iso, isoOrNull, listed } from './view.js';

export type AnomalyRecord = Selectable<Schema['duty_anomaly']>;

/** Anomalies with their people, late proofs and comments; three statements whatever their number. */
export async function anomalyViews(db: Db, rows: readonly AnomalyRecord[]): Promise<AnomalyView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const people = await peopleByIds(
    db,
    rows.flatMap((row) => row.people),
  );
  const proofs = await db
    .selectFrom('duty_late_proof as p')
    .innerJoin('duty_sign_in as s', 's.id', 'p.sign_in')
    .select(['p.anomaly', 'p.person', 'p.claimed_at', 'p.received_at', 's.review'])
    .where('p.anomaly', 'in', ids)
    .orderBy('p.received_at')
    .execute();
  const comments = await db.selectFrom('duty_comment').selectAll().where('anomaly', 'in', ids).orderBy('at').execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as AnomalyKind,
    cell: row.cell,
    slot: row.slot,
    raisedAt: iso(row.at),
    people: row.people.map((id) => listed(id, people.get(id))),
    state: row.state as AnomalyView['state'],
    note: row.note,
    lateProof: proofs
      .filter(({ anomaly }) => anomaly === row.id)
      .map((proof) => ({ person: proof.person, claimedAt: iso(proof.claimed_at), receivedAt: iso(proof.received_at), review: proof.review as SignInReview[] })),
    comments: comments.filter(({ anomaly }) => anomaly === row.id).map(({ person, at, comment }) => ({ person, at: iso(at), comment })),
    endedBy: row.ended_name,
    endedAt: isoOrNull(row.ended_at),
    measure: row.measure,
    result: row.result,
  }));
}

export async function anomaliesByIds(db: Db, ids: readonly Id[]): Promise<AnomalyRecord[]> {
  return ids.length === 0
    ? []
    : db
        .selectFrom('duty_anomaly')
        .selectAll()
        .where('id', 'in', [...ids])
        .execute();
}
