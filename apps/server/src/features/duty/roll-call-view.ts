import type { Id, Instant } from '@sallyport/basics';
import { id as idText, instantText, type PolicyDocument, type ResponseOf, type RollCallCell, rollCalls } from '@sallyport/contracts';
import { blocksFor, missingAt, rollCallTimes } from '@sallyport/domain';
import { sql } from 'kysely';
import type { Db } from '../../platform/db/index.js';
import { officerQuery, positionText, type Query, readPosition } from '../../platform/queries/index.js';
import { peopleByIds, peopleOfCells } from '../person/index.js';
import { iso, listed } from './view.js';

const DEFAULT_LIMIT = 20;

/** The roll call that runs in a cell now, by bed; null between roll calls and once everybody has answered. */
export async function openRollCallOf(db: Db, cell: string, now: Instant, policy: PolicyDocument): Promise<RollCallCell | null> {
  const open = await db
    .selectFrom('roll_call_cell')
    .innerJoin('roll_call', 'roll_call.id', 'roll_call_cell.roll_call')
    .select(['roll_call.id', 'roll_call.round', 'roll_call.started_at', 'roll_call_cell.expected'])
    .where('cell', '=', cell)
    .where('roll_call_cell.state', '=', 'open')
    .where('roll_call.state', '=', 'open')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!open) return null;
  const times = rollCallTimes(open.started_at, policy);
  const round = now < times.second.from ? 1 : 2;
  const answerBy = round === 1 ? times.first.until : times.second.until;
  if (now >= times.second.until) return null;
  const answered = await db.selectFrom('roll_call_answer').select('person').where('roll_call', '=', open.id).where('cell', '=', cell).execute();
  const present = new Set(answered.map(({ person }) => person));
  const people = await peopleOfCells(db, [cell]);
  const beds = people.filter(({ id }) => open.expected.includes(id)).map(({ id, bed }) => ({ bed, present: present.has(id) }));
  return { id: open.id, round, startedAt: iso(round === 1 ? times.first.from : times.second.from), answerBy: iso(answerBy), beds };
}

type View = ResponseOf<typeof rollCalls>['rows'][number];

/** Roll calls with the cells of the officer's blocks. */
export const rollCallList: Query = officerQuery<typeof rollCalls>({
  contract: rollCalls,
  permission: 'roll-call.read',
  audit: () => ({ subjectKind: 'roll-call', subjectId: null }),
  async read({ db, now, actor }, _params, search) {
    const limit = search.limit ?? DEFAULT_LIMIT;
    const after = readPosition(search.cursor, [instantText, idText]);
    const blocks = blocksFor(actor.posts, 'roll-call.read');
    let query = db.selectFrom('roll_call').selectAll();
    // A call that touches none of the officer's blocks is not theirs to know of, its reason least of all.
    if (blocks !== 'all')
      query = query.where(
        sql<boolean>`exists (select 1 from roll_call_cell c where c.roll_call = roll_call.id and left(c.cell, 2) = any(${[...blocks]}::text[]))`,
      );
    if (after) query = query.where(sql<boolean>`(started_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
    const rows = await query
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const page = rows.slice(0, limit);
    const ids = page.map(({ id }) => id);
    const all = ids.length === 0 ? [] : await db.selectFrom('roll_call_cell').selectAll().where('roll_call', 'in', ids).orderBy('cell').execute();
    const cells = blocks === 'all' ? all : all.filter(({ cell }) => blocks.includes(cell.slice(0, 2)));
    const answers =
      ids.length === 0 ? [] : await db.selectFrom('roll_call_answer').select(['roll_call', 'person', 'answered_at']).where('roll_call', 'in', ids).execute();
    const missing = new Map<string, Id[]>();
    for (const { roll_call, cell, expected } of cells) {
      const own = answers.filter((answer) => answer.roll_call === roll_call).map(({ person, answered_at }) => ({ person, at: answered_at }));
      missing.set(`${roll_call} ${cell}`, missingAt(expected, own, now));
    }
    const people = await peopleByIds(db, [...missing.values()].flat());
    const view = (call: (typeof page)[number]): View => ({
      id: call.id,
      kind: call.kind as View['kind'],
      startedAt: iso(call.started_at),
      startedBy: call.started_name,
      reason: call.reason,
      round: call.round,
      cells: cells
        .filter(({ roll_call }) => roll_call === call.id)
        .map(({ cell, expected, state, offline }) => {
          const absent = missing.get(`${call.id} ${cell}`) ?? [];
          return {
            cell,
            expected: expected.length,
            present: expected.length - absent.length,
            missing: absent.map((id) => listed(id, people.get(id))),
            state: state as View['cells'][number]['state'],
            offline,
          };
        }),
    });
    const last = page.at(-1);
    return { rows: page.map(view), nextCursor: rows.length > limit && last ? positionText([iso(last.started_at), last.id]) : null };
  },
});
