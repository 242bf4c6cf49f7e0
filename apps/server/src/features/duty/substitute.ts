import type { Id } from '@sallyport/basics';
import { dutySubstitute, type RefusalCode } from '@sallyport/contracts';
import { substituteHindrances, WORK_VERDICTS } from '@sallyport/domain';
import { accepted, type CommandKind, type CommandScope, commandKind, oneByOne, refused } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import type { WorkKindDefinition } from '../../platform/feature.js';
import { peopleByIds } from '../person/index.js';
import { closeWorkItems } from '../work/index.js';
import { substituteRequest } from './vacancy.js';
import { named } from './view.js';

interface Change {
  readonly cell: string;
  readonly slot: string;
  readonly absent: Id;
  readonly substitute: Id;
}
interface Hindrance {
  readonly code: RefusalCode;
  readonly message: string;
  readonly rules?: readonly string[];
}

/** Why the substitute cannot take the seat; null when they can. */
async function hindrance(scope: CommandScope, change: Change): Promise<Hindrance | null> {
  const seat = await scope.trx
    .selectFrom('duty_seat')
    .selectAll()
    .where('cell', '=', change.cell)
    .where('slot', '=', change.slot)
    .where('person', '=', change.absent)
    .forUpdate()
    .executeTakeFirst();
  if (!seat) return { code: 'NOT_FOUND', message: 'this person has no seat in the slot' };
  if (seat.ends_at <= scope.now) return { code: 'ROSTER_IN_PAST', message: 'the slot is over' };
  const signed = await scope.trx.selectFrom('duty_sign_in').select('id').where('slot', '=', change.slot).where('person', '=', change.absent).executeTakeFirst();
  if (signed) return { code: 'ALREADY_SIGNED', message: 'the person has signed in' };
  const known = await substituteRequest(scope, change.cell, change.slot, change.absent);
  const person = known?.people.get(change.substitute);
  if (!known || !person) return { code: 'NOT_FOUND', message: 'the substitute is not in this cell' };
  const rules = substituteHindrances(known.request, person.duty, scope.policy);
  if (rules.length === 0) return null;
  return { code: rules.includes('OUT_OF_CELL') ? 'PERSON_OUT_OF_CELL' : 'ROSTER_CONFLICT', message: `not suitable: ${rules.join(', ')}`, rules };
}

/** Puts the substitute into the seat, keeps who was replaced by whom and why, and settles the vacancy. The caller has found no hindrance. */
async function replace(scope: CommandScope, change: Change, reason: string, officer: Id): Promise<void> {
  const { seat } = await scope.trx
    .updateTable('duty_seat')
    .set({ person: change.substitute, source: 'substitute' })
    .where('cell', '=', change.cell)
    .where('slot', '=', change.slot)
    .where('person', '=', change.absent)
    .returning('seat')
    .executeTakeFirstOrThrow();
  await scope.trx
    .insertInto('duty_substitution')
    .values({ id: scope.newId(), ...change, seat, reason, made_by: officer, made_at: new Date(scope.now) })
    .execute();
  await scope.trx
    .updateTable('duty_vacancy')
    .set({ state: 'filled' })
    .where('cell', '=', change.cell)
    .where('slot', '=', change.slot)
    .where('absent', '=', change.absent)
    .execute();
  scope.hint({ topic: 'duty', cell: change.cell });
}

export const substitute: CommandKind = commandKind<typeof dutySubstitute>({
  contract: dutySubstitute,
  access: { by: 'officer', permission: 'duty.substitute', cellOf: (body) => body.cell },
  audit: ({ body }) => ({
    subjectKind: 'duty-slot',
    subjectId: `${body.cell} ${body.slot}`,
    cell: body.cell,
    reason: body.reason,
    detail: { absent: body.absent, substitute: body.substitute },
  }),
  handle: oneByOne(async (scope, { body, actor }) => {
    const stopped = await hindrance(scope, body);
    if (stopped) return refused(stopped.code, stopped.message, stopped.rules ? { rules: stopped.rules } : {});
    const { cell, slot, absent } = body;
    await replace(scope, { cell, slot, absent, substitute: body.substitute }, body.reason, actor.id);
    const vacancy = await scope.trx
      .selectFrom('duty_vacancy')
      .select('id')
      .where('cell', '=', cell)
      .where('slot', '=', slot)
      .where('absent', '=', absent)
      .executeTakeFirst();
    const by = actor.kind === 'officer' ? { id: actor.id, name: actor.name } : null;
    if (vacancy) await closeWorkItems(scope, 'substitute', [vacancy.id], { by, what: 'substituted', verdict: 'approve', note: body.reason });
    return accepted({});
  }),
});

async function vacancies(db: Db, refs: readonly Id[]) {
  const rows = await db
    .selectFrom('duty_vacancy')
    .selectAll()
    .where('id', 'in', [...refs])
    .execute();
  const people = await peopleByIds(
    db,
    rows.flatMap(({ absent, proposed }) => (proposed === null ? [absent] : [absent, proposed])),
  );
  return rows.map((row) => ({ ...row, absentPerson: people.get(row.absent), proposedPerson: row.proposed === null ? undefined : people.get(row.proposed) }));
}

/** A seat that waits for somebody else: the proposal is approved, refused, or another substitute named by command. */
export const substituteWork: WorkKindDefinition = {
  kind: 'substitute',
  verdicts: WORK_VERDICTS.substitute,
  async titles(db, refs) {
    return new Map(
      (await vacancies(db, refs)).map(({ id, cell, slot, cause, absentPerson, proposedPerson }) => [
        id,
        {
          key: 'work.title.substitute',
          values: {
            cell,
            slot,
            cause,
            absent: absentPerson?.maskedName ?? '',
            bed: String(absentPerson?.bed ?? ''),
            substitute: proposedPerson?.maskedName ?? '',
          },
          people: absentPerson ? [named(absentPerson)] : [],
        },
      ]),
    );
  },
  async content(db, ref) {
    const [vacancy] = await vacancies(db, [ref]);
    if (!vacancy) return null;
    const { cell, slot, cause, state, absent, proposed, absentPerson, proposedPerson } = vacancy;
    const shown = (id: Id | null, person: typeof absentPerson) =>
      person ? { id, number: person.number, maskedName: person.maskedName, bed: person.bed } : null;
    return { cell, slot, cause, state, absent: shown(absent, absentPerson), proposed: shown(proposed, proposedPerson) };
  },
  async check(scope, { ref, verdict }) {
    if (verdict !== 'approve') return null;
    const vacancy = await scope.trx.selectFrom('duty_vacancy').selectAll().where('id', '=', ref).executeTakeFirst();
    if (!vacancy || vacancy.proposed === null) return 'NOT_FOUND';
    return (await hindrance(scope, { cell: vacancy.cell, slot: vacancy.slot, absent: vacancy.absent, substitute: vacancy.proposed }))?.code ?? null;
  },
  async apply(scope, { ref, verdict, by, note }) {
    const vacancy = await scope.trx.selectFrom('duty_vacancy').selectAll().where('id', '=', ref).forUpdate().executeTakeFirst();
    if (!vacancy || vacancy.state !== 'open') return;
    const { cell, slot, absent, proposed } = vacancy;
    const change = verdict === 'approve' && proposed !== null ? { cell, slot, absent, substitute: proposed } : null;
    // Within the undo time somebody may have signed in or been taken out: then the seat stays as it is and the vacancy lapses.
    if (change && (await hindrance(scope, change)) === null) return replace(scope, change, note ?? vacancy.cause, by.id);
    await scope.trx
      .updateTable('duty_vacancy')
      .set({ state: change ? 'lapsed' : 'declined' })
      .where('id', '=', ref)
      .execute();
  },
};
