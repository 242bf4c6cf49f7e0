import { MOST_WORK_FILTERS, workDropFilter, type WorkFilter, workFilters, workSaveFilter } from '@sallyport/contracts';
import { accepted, type CommandKind, commandKind, oneByOne, refused } from '../../platform/commands/kind.js';
import { officerQuery, type Query } from '../../platform/queries/index.js';

const PERMISSION = { by: 'officer', permission: 'work.read' } as const;

const save = commandKind<typeof workSaveFilter>({
  contract: workSaveFilter,
  access: PERMISSION,
  audit: ({ actor, body }) => ({ subjectKind: 'officer', subjectId: actor.id, detail: { kind: body.kind } }),
  handle: oneByOne(async (scope, { body, actor }) => {
    const { name, kind, words } = body;
    // The officer's own row is the lock: two saves at once come one after the other.
    await scope.trx.selectFrom('officer').select('id').where('id', '=', actor.id).forUpdate().execute();
    const others = await scope.trx.selectFrom('work_filter').select('name').where('officer', '=', actor.id).where('name', '<>', name).execute();
    if (others.length >= MOST_WORK_FILTERS) return refused('FILTERS_FULL', `${MOST_WORK_FILTERS} filters are saved already; remove one first`);
    await scope.trx
      .insertInto('work_filter')
      .values({ officer: actor.id, name, kind, words, created_at: new Date(scope.now) })
      .onConflict((conflict) => conflict.columns(['officer', 'name']).doUpdateSet({ kind, words }))
      .execute();
    return accepted({});
  }),
});

const drop = commandKind<typeof workDropFilter>({
  contract: workDropFilter,
  access: PERMISSION,
  audit: ({ actor }) => ({ subjectKind: 'officer', subjectId: actor.id }),
  handle: oneByOne(async (scope, { body, actor }) => {
    const gone = await scope.trx.deleteFrom('work_filter').where('officer', '=', actor.id).where('name', '=', body.name).returning('name').execute();
    return gone.length > 0 ? accepted({}) : refused('NOT_FOUND', 'there is no filter of this name');
  }),
});

/** Filters that officers keep for themselves (ux R1). */
export const filterCommands: readonly CommandKind[] = [save, drop];

export const filterQuery: Query = officerQuery<typeof workFilters>({
  contract: workFilters,
  permission: 'work.read',
  audit: null,
  async read({ db, actor }) {
    const rows = await db
      .selectFrom('work_filter')
      .select(['name', 'kind', 'words'])
      .where('officer', '=', actor.id)
      .orderBy('created_at')
      .orderBy('name')
      .execute();
    return { filters: rows.map(({ name, kind, words }) => ({ name, kind: kind as WorkFilter['kind'], words })) };
  },
});
