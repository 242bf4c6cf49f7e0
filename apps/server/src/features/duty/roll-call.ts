import { HOUR, type Id, type Instant } from '@sallyport/basics';
import { id } from '@sallyport/contracts';
import { missingAt, rollCallOutcome, rollCallStarts, rollCallTimes } from '@sallyport/domain';
import { sql } from 'kysely';
import { z } from 'zod';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { JobHandler } from '../../platform/feature.js';
import { scheduleAll } from '../../platform/jobs/index.js';
import { raiseAlerts } from '../alert/index.js';
import { peopleOfCells } from '../person/index.js';
import { silencesOf, terminalStates } from './silence.js';

const START_JOB = 'roll-call.start';
const ROUND_JOB = 'roll-call.round';
const CLOSE_JOB = 'roll-call.close';
const PLAN_AHEAD = 26 * HOUR;

/** Writes the jobs of the scheduled roll calls of the next day; a time that is written stays written. */
export async function planRollCalls(scope: CommandScope): Promise<void> {
  const starts = rollCallStarts(scope.now, scope.now + PLAN_AHEAD, scope.policy);
  await scheduleAll(
    scope.trx,
    starts.map((dueAt) => ({ kind: START_JOB, key: String(dueAt), dueAt, payload: {} })),
  );
}

export interface RollCallStart {
  readonly id: Id;
  readonly cells: readonly string[] | 'all';
  readonly at: Instant;
  /** Null for a scheduled one. */
  readonly by: { readonly id: Id; readonly name: string; readonly reason: string } | null;
}

/** Starts a roll call: everybody held in the cells and not out of them is expected. False when there is nobody to call. */
export async function startRollCall(scope: CommandScope, { id, cells, at, by }: RollCallStart): Promise<boolean> {
  const expected = new Map<string, Id[]>();
  for (const person of await peopleOfCells(scope.trx, cells))
    if (person.out === null) expected.set(person.cell, [...(expected.get(person.cell) ?? []), person.id]);
  if (expected.size === 0) return false;
  const times = rollCallTimes(at, scope.policy);
  // Said from the first moment, so that nobody waits for answers that cannot come; looked at again at the end (ROLL5).
  const terminals = await terminalStates(scope.trx, [...expected.keys()], scope.now, scope.policy);
  const due = by ? null : new Date(at).toISOString().slice(0, 16);
  await scope.trx
    .insertInto('roll_call')
    .values({
      id,
      kind: by ? 'ad-hoc' : 'scheduled',
      due,
      started_at: new Date(at),
      started_by: by?.id ?? null,
      started_name: by?.name ?? null,
      reason: by?.reason ?? null,
      round_at: new Date(at),
      round_ends_at: new Date(times.first.until),
    })
    .execute();
  await scope.trx
    .insertInto('roll_call_cell')
    .values([...expected].map(([cell, people]) => ({ roll_call: id, cell, expected: people, offline: terminals.get(cell) !== 'online' })))
    .execute();
  await scheduleAll(scope.trx, [
    { kind: ROUND_JOB, key: id, dueAt: times.second.from, payload: { rollCall: id } },
    { kind: CLOSE_JOB, key: id, dueAt: times.second.until, payload: { rollCall: id } },
  ]);
  for (const cell of expected.keys()) scope.hint({ topic: 'roll-call', cell });
  return true;
}

async function secondRound(scope: CommandScope, rollCall: Id): Promise<void> {
  const { started_at } = await scope.trx.selectFrom('roll_call').select('started_at').where('id', '=', rollCall).executeTakeFirstOrThrow();
  const { second } = rollCallTimes(started_at, scope.policy);
  const change = { round: 2, round_at: new Date(second.from), round_ends_at: new Date(second.until) };
  await scope.trx.updateTable('roll_call').set(change).where('id', '=', rollCall).where('state', '=', 'open').execute();
  const open = await scope.trx.selectFrom('roll_call_cell').select('cell').where('roll_call', '=', rollCall).where('state', '=', 'open').execute();
  for (const { cell } of open) scope.hint({ topic: 'roll-call', cell });
}

/** The answers of these cells of a roll call. */
export async function answersOf(scope: Pick<CommandScope, 'trx'>, rollCall: Id, cells: readonly string[]) {
  const rows = await scope.trx
    .selectFrom('roll_call_answer')
    .select(['cell', 'person', 'answered_at'])
    .where('roll_call', '=', rollCall)
    .where('cell', '=', sql<string>`any(${[...cells]}::text[])`)
    .execute();
  return rows.map(({ cell, person, answered_at }) => ({ cell, person, at: answered_at }));
}

/** What names the alert of people missing in a cell, and the one of all cells with a silent terminal. */
export const missingCause = (rollCall: Id, cell: string) => `roll-call:${rollCall}:${cell}`;
export const offlineCause = (rollCall: Id) => `roll-call-offline:${rollCall}`;

/** After the second round: who is missing is raised, where the terminal was silent that is raised instead (ROLL5). */
async function close(scope: CommandScope, rollCall: Id): Promise<void> {
  const { started_at } = await scope.trx.selectFrom('roll_call').select('started_at').where('id', '=', rollCall).executeTakeFirstOrThrow();
  const times = rollCallTimes(started_at, scope.policy);
  const open = await scope.trx
    .selectFrom('roll_call_cell')
    .select(['cell', 'expected'])
    .where('roll_call', '=', rollCall)
    .where('state', '=', 'open')
    .orderBy('cell')
    .forUpdate()
    .execute();
  const cells = open.map(({ cell }) => cell);
  const answers = await answersOf(scope, rollCall, cells);
  const silences = await silencesOf(scope.trx, cells, started_at - HOUR, scope.now, scope.policy);
  const judged = open.map(({ cell, expected }) => {
    const missing = missingAt(
      expected,
      answers.filter((answer) => answer.cell === cell),
      times.second.until,
    );
    const silent = (silences.get(cell) ?? []).some(({ from, until }) => from < times.second.until && (until === null || until > times.first.from));
    return { cell, outcome: rollCallOutcome(times, missing, silent, scope.now) };
  });
  await sql`update roll_call_cell set state = judged.state, offline = judged.offline
    from unnest(${judged.map(({ cell }) => cell)}::text[], ${judged.map(({ outcome }) => (outcome === 'none' ? 'complete' : 'missing'))}::text[], ${judged.map(({ outcome }) => outcome === 'offline')}::boolean[])
      as judged (cell, state, offline) where roll_call = ${rollCall} and roll_call_cell.cell = judged.cell`.execute(scope.trx);
  await scope.trx.updateTable('roll_call').set({ state: 'closed' }).where('id', '=', rollCall).execute();
  await raiseAlerts(
    scope,
    judged
      .filter(({ outcome }) => outcome !== 'none')
      .map(({ cell, outcome }) => ({
        kind: 'roll-call-missing' as const,
        level: outcome === 'missing' ? ('high' as const) : ('medium' as const),
        cell,
        title: outcome === 'missing' ? 'alert.title.roll-call-missing' : 'duty.anomaly.TERMINAL_OFFLINE',
        cause: outcome === 'missing' ? missingCause(rollCall, cell) : offlineCause(rollCall),
        at: times.second.until,
      })),
  );
  for (const cell of cells) scope.hint({ topic: 'roll-call', cell });
}

const payload = z.strictObject({ rollCall: id });
export const rollCallJobs: readonly JobHandler[] = [
  {
    kind: START_JOB,
    async run(scope, job) {
      const times = rollCallTimes(job.dueAt, scope.policy);
      const stillDue = rollCallStarts(job.dueAt, job.dueAt + 1, scope.policy).length > 0;
      // A server that was away while the rounds passed has called nobody, and nobody is missing for it.
      if (stillDue && scope.now < times.first.until) await startRollCall(scope, { id: scope.newId(), cells: 'all', at: job.dueAt, by: null });
    },
  },
  { kind: ROUND_JOB, run: (scope, job) => secondRound(scope, payload.parse(job.payload).rollCall) },
  { kind: CLOSE_JOB, run: (scope, job) => close(scope, payload.parse(job.payload).rollCall) },
];
