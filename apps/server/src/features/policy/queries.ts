import { policyCurrent, policyDocument } from '@sallyport/contracts';
import { z } from 'zod';
import { officerQuery } from '../../platform/queries/query.js';
import type { Db } from '../../platform/db/index.js';
import { policyDifferences } from './diff.js';
import { type PolicyRow, policyVersions } from './store.js';

const schema = z.toJSONSchema(policyDocument, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;

async function namesOf(db: Db, rows: readonly PolicyRow[]): Promise<Map<string, string>> {
  const ids = rows.flatMap((row) => (row.changedBy ? [row.changedBy] : []));
  if (ids.length === 0) return new Map();
  const officers = await db.selectFrom('officer').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(officers.map((officer) => [officer.id, officer.name]));
}

/** The policy in force, those to come and those that were, each with its difference to the one before. */
export const currentPolicy = officerQuery<typeof policyCurrent>({
  contract: policyCurrent,
  permission: 'policy.read',
  audit: null,
  read: async ({ db, now, policy }) => {
    const rows = await policyVersions(db);
    const names = await namesOf(db, rows);
    // As `policyAt` decides: of those whose time has come the newest.
    const current = rows.find((row) => row.effectiveFrom <= now) ?? rows.at(-1);
    const newest = rows[0];
    return {
      current: current?.version ?? 1,
      document: policy,
      newest: { version: newest?.version ?? 1, document: newest?.document ?? policy },
      schema,
      versions: rows.map((row, index) => {
        const before = rows[index + 1];
        return {
          version: row.version,
          id: row.id,
          effectiveFrom: new Date(row.effectiveFrom).toISOString(),
          reason: row.reason,
          by: row.changedBy === null ? null : (names.get(row.changedBy) ?? null),
          at: new Date(row.at).toISOString(),
          changes: before ? policyDifferences(before.document, row.document) : [],
        };
      }),
    };
  },
});
