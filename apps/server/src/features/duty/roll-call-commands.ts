import { type Id, type Instant, must } from '@sallyport/basics';
import { rollCallAnswer, rollCallConfirm, rollCallStart } from '@sallyport/contracts';
import { judgeRollCallAnswer, missingAt, rollCallTimes } from '@sallyport/domain';
import { accepted, type CommandKind, type CommandScope, commandKind, oneByOne, type OfficerActor, refused } from '../../platform/commands/kind.js';
import { type Ending, endAlertOf } from '../alert/index.js';
import { closeWorkItems } from '../work/index.js';
import { cellOf, momentOf, OUTSIDE_CELLS, proofRefusal, provedPerson } from './act.js';
import { answersOf, missingCause, offlineCause, startRollCall } from './roll-call.js';

const start = commandKind<typeof rollCallStart>({
  contract: rollCallStart,
  access: { by: 'officer', permission: 'roll-call.run', cellOf: (body) => body.cells },
  audit: ({ id, body }) => ({ subjectKind: 'roll-call', subjectId: id, reason: body.reason, detail: { cells: body.cells.length } }),
  handle: oneByOne(async (scope, { id, body, actor }) => {
    const { name } = actor as OfficerActor;
    const begun = await startRollCall(scope, { id, cells: [...new Set(body.cells)], at: scope.now, by: { id: actor.id, name, reason: body.reason } });
    return begun ? accepted({ rollCall: id }) : refused('NOT_FOUND', 'nobody is in these cells');
  }),
});

/** One cell of a roll call, locked, with its answers. */
async function lockedCell(scope: CommandScope, rollCall: string, cell: string) {
  const row = await scope.trx
    .selectFrom('roll_call_cell')
    .innerJoin('roll_call', 'roll_call.id', 'roll_call_cell.roll_call')
    .select(['roll_call_cell.expected', 'roll_call_cell.state', 'roll_call.started_at'])
    .where('roll_call', '=', rollCall)
    .where('cell', '=', cell)
    .forUpdate(['roll_call_cell'])
    .executeTakeFirst();
  return row && { ...row, answers: await answersOf(scope, rollCall, [cell]) };
}

interface Answer {
  readonly cell: string;
  readonly person: Id;
  readonly at: Instant;
  readonly command: Id;
}

/** Takes an answer for one call, or says why not. A cell in which nobody is missing any more is over. */
async function take(scope: CommandScope, rollCall: Id, { cell, person, at, command }: Answer) {
  const open = await lockedCell(scope, rollCall, cell);
  if (!open) return null;
  const verdict = judgeRollCallAnswer(rollCallTimes(open.started_at, scope.policy), { person, at }, open.expected, open.answers);
  if (!verdict.ok) return { code: verdict.error.code };
  const times = { answered_at: new Date(at), received_at: new Date(scope.now) };
  await scope.trx
    .insertInto('roll_call_answer')
    .values({ roll_call: rollCall, cell, person, round: verdict.value.round, ...times, command })
    .execute();
  const missing = missingAt(open.expected, [...open.answers, { person, at }], Math.max(at, scope.now)).length;
  if (missing === 0 && open.state === 'open')
    await scope.trx.updateTable('roll_call_cell').set({ state: 'complete' }).where('roll_call', '=', rollCall).where('cell', '=', cell).execute();
  return { present: open.expected.length - missing, missing };
}

/** The other calls that run in a cell: an ad hoc one and one by the clock can overlap, and the wall shows the newer one only. */
async function otherCalls(scope: CommandScope, cell: string, rollCall: Id): Promise<Id[]> {
  const rows = await scope.trx
    .selectFrom('roll_call_cell')
    .innerJoin('roll_call', 'roll_call.id', 'roll_call_cell.roll_call')
    .select('roll_call.id')
    .where('cell', '=', cell)
    .where('roll_call.state', '=', 'open')
    .where('roll_call_cell.state', '=', 'open')
    .where('roll_call.id', '<>', rollCall)
    .orderBy('roll_call.id')
    .execute();
  return rows.map(({ id }) => id);
}

const answer = commandKind<typeof rollCallAnswer>({
  contract: rollCallAnswer,
  access: { by: 'device' },
  audit: (command) => ({ subjectKind: 'person', subjectId: provedPerson(command), cell: cellOf(command), detail: { rollCall: command.body.rollCall } }),
  handle: oneByOne(async (scope, command) => {
    const unproved = proofRefusal(command);
    if (unproved) return unproved;
    const cell = cellOf(command);
    if (cell === null) return OUTSIDE_CELLS;
    const { rollCall } = command.body;
    const given = { cell, person: must(provedPerson(command), 'proved person'), at: momentOf(scope, command), command: command.id };
    const taken = await take(scope, rollCall, given);
    if (taken === null) return refused('ROLL_CALL_NOT_OPEN', 'no such roll call in this cell');
    if ('code' in taken) return refused(taken.code, 'the answer cannot be taken');
    // Whoever is there is there, whichever call asked; where another does not take it, nothing is lost.
    for (const other of await otherCalls(scope, cell, rollCall)) await take(scope, other, given);
    scope.hint({ topic: 'roll-call', cell });
    return accepted(taken);
  }),
});

/**
 * Ends what the call raised, by the officer who looked: the alert of the cell, and that of the silent terminals once every such cell was
 * looked at. `result` says how many of how many were there.
 */
async function endAlerts(scope: CommandScope, rollCall: Id, cell: string, ending: Ending): Promise<void> {
  const dark = scope.trx.selectFrom('roll_call_cell').select('cell').where('roll_call', '=', rollCall).where('offline', '=', true);
  const unseen = await dark.where('state', '=', 'missing').limit(1).executeTakeFirst();
  const causes = [missingCause(rollCall, cell), ...(unseen ? [] : [offlineCause(rollCall)])];
  const alerts = await scope.trx
    .selectFrom('alert')
    .select('id')
    .where('merge_key', 'in', causes)
    .where('state', 'in', ['calling', 'acknowledged', 'arrived'])
    .execute();
  const ids = alerts.map(({ id }) => id);
  for (const id of ids) await endAlertOf(scope, id, ending);
  await closeWorkItems(scope, 'roll-call-review', ids, { by: ending.by, what: 'ended', verdict: 'end', note: ending.measure });
}

const confirm = commandKind<typeof rollCallConfirm>({
  contract: rollCallConfirm,
  access: { by: 'officer', permission: 'roll-call.run', cellOf: (body) => body.cell },
  audit: ({ body }) => ({ subjectKind: 'roll-call', subjectId: body.rollCall, cell: body.cell, reason: body.note || null, detail: { seen: body.seen } }),
  handle: oneByOne(async (scope, { body, actor }) => {
    const { rollCall, cell, note } = body;
    const open = await lockedCell(scope, rollCall, cell);
    if (!open) return refused('NOT_FOUND', 'no such roll call in this cell');
    if (open.state === 'confirmed') return refused('ALREADY_DONE', 'this cell was confirmed already');
    const missing = missingAt(open.expected, open.answers, scope.now);
    const seen = [...new Set(body.seen)].filter((person) => missing.includes(person));
    if (missing.length > seen.length && note === '') return refused('BODY_INVALID', 'note must say why somebody is missing');
    if (seen.length > 0)
      await scope.trx
        .insertInto('roll_call_answer')
        .values(
          seen.map((person) => ({
            roll_call: rollCall,
            cell,
            person,
            round: 2,
            answered_at: new Date(scope.now),
            received_at: new Date(scope.now),
            seen_by: actor.id,
          })),
        )
        .execute();
    const named = { confirmed_by: actor.id, confirmed_name: (actor as OfficerActor).name, confirmed_at: new Date(scope.now), note: note || null };
    await scope.trx
      .updateTable('roll_call_cell')
      .set({ state: 'confirmed', ...named })
      .where('roll_call', '=', rollCall)
      .where('cell', '=', cell)
      .execute();
    const there = open.expected.length - missing.length + seen.length;
    const by = { id: actor.id, name: (actor as OfficerActor).name };
    await endAlerts(scope, rollCall, cell, { by, measure: note.length < 2 ? rollCallConfirm.kind : note, result: `${there}/${open.expected.length}` });
    scope.hint({ topic: 'roll-call', cell });
    return accepted({});
  }),
});

export const rollCallCommands: readonly CommandKind[] = [start, answer, confirm];
