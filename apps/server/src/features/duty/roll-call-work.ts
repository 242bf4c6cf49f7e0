import type { Id } from '@sallyport/basics';
import type { RollCallFinding } from '@sallyport/contracts';
import { missingAt, WORK_VERDICTS } from '@sallyport/domain';
import { sql } from 'kysely';
import type { Db } from '../../platform/db/index.js';
import type { WorkKindDefinition } from '../../platform/feature.js';
import { endAlertOf } from '../alert/index.js';
import { peopleByIds } from '../person/index.js';
import { iso, listed } from './view.js';

interface Found {
  readonly alert: Id;
  readonly roll_call: Id;
  readonly started_at: number;
  readonly cell: string;
  readonly offline: boolean;
  readonly expected: Id[];
}

/** The cells behind alerts of roll calls: the one that misses people, or all whose terminal was silent. */
async function foundBy(db: Db, alerts: readonly Id[]): Promise<Found[]> {
  if (alerts.length === 0) return [];
  const { rows } = await sql<Found>`
    select a.id as alert, c.roll_call, r.started_at, c.cell, c.offline, c.expected
    from alert a
    join roll_call_cell c on a.merge_key = 'roll-call:' || c.roll_call || ':' || c.cell
      or (c.offline and a.merge_key = 'roll-call-offline:' || c.roll_call)
    join roll_call r on r.id = c.roll_call
    where a.id = any(${[...alerts]}::uuid[]) and a.kind = 'roll-call-missing' order by c.cell`.execute(db);
  return rows;
}

async function missingOf(db: Db, { roll_call, cell, expected }: Found): Promise<Id[]> {
  const answers = await db
    .selectFrom('roll_call_answer')
    .select(['person', 'answered_at'])
    .where('roll_call', '=', roll_call)
    .where('cell', '=', cell)
    .execute();
  return missingAt(
    expected,
    answers.map(({ person, answered_at }) => ({ person, at: answered_at })),
    Number.POSITIVE_INFINITY,
  );
}

/** What a roll call found, until a named officer says what was done: people who did not answer, or terminals that could not ask. */
export const rollCallWork: WorkKindDefinition = {
  kind: 'roll-call-review',
  verdicts: WORK_VERDICTS['roll-call-review'],
  async titles(db, refs) {
    const found = await foundBy(db, refs);
    return new Map(
      refs.flatMap((ref) => {
        const cells = found.filter(({ alert }) => alert === ref);
        const [first] = cells;
        if (!first) return [];
        const key = first.offline ? 'work.title.roll-call-silent' : 'work.title.roll-call-review';
        return [[ref, { key, values: { cell: first.cell, n: String(cells.length) } }] as const];
      }),
    );
  },
  async content(db, ref): Promise<RollCallFinding | null> {
    const found = await foundBy(db, [ref]);
    const [first] = found;
    if (!first) return null;
    const cells = await Promise.all(
      found.map(async (one) => {
        const missing = await missingOf(db, one);
        const people = await peopleByIds(db, missing);
        return { cell: one.cell, expected: one.expected.length, missing: missing.map((id) => listed(id, people.get(id))) };
      }),
    );
    return { alert: ref, rollCall: first.roll_call, startedAt: iso(first.started_at), offline: first.offline, cells };
  },
  async apply(scope, { ref, verdict, by, input }) {
    if (verdict === 'end') await endAlertOf(scope, ref, { by, measure: input['measure'] ?? '', result: input['result'] ?? '' });
  },
};
