import { type Id, type Instant, SECOND } from '@sallyport/basics';
import { dutyPresence } from '@sallyport/contracts';
import { type DutySlot, judgePresence, presenceTimes, slotByKey } from '@sallyport/domain';
import { sql } from 'kysely';
import { z } from 'zod';
import { accepted, type CommandKind, type CommandScope, commandKind, oneByOne, refused } from '../../platform/commands/kind.js';
import { at } from '../../platform/db/index.js';
import type { JobHandler } from '../../platform/feature.js';
import { schedule } from '../../platform/jobs/index.js';
import { cellOf, timeOf } from './act.js';
import { reviewSlot } from './anomaly.js';
import { seatsOf } from './evidence.js';

const PRESENCE_JOB = 'duty.presence';
/** A prompt that comes on later than this is not asked: the time to answer would be over before anybody could. */
const ASKED_IN_TIME = 15 * SECOND;
const SEED_BYTES = 16;

/** Draws the prompts of a slot for every cell with a roster and starts the chain that asks them. Nobody sees them before. */
export async function planPresence(scope: CommandScope, slot: DutySlot): Promise<void> {
  const cells = [...new Set((await seatsOf(scope.trx, slot.key, 'all')).map(({ cell }) => cell))];
  const seed = Buffer.from(scope.random.bytes(new Uint8Array(SEED_BYTES))).toString('hex');
  const wait = scope.policy.duty.presence.responseSeconds * SECOND;
  const rows = cells.flatMap((cell) =>
    presenceTimes(slot, `${seed}/${cell}`, scope.policy).map((askAt) => ({
      id: scope.newId(),
      cell,
      askAt: new Date(askAt).toISOString(),
      answerBy: new Date(askAt + wait).toISOString(),
    })),
  );
  // Arrays and not rows of values: a house of thousands of cells has more prompts than a statement may have parameters.
  await sql`insert into duty_presence (id, cell, slot, ask_at, answer_by)
    select id, cell, ${slot.key}, ask_at, answer_by from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ cell }) => cell)}::text[],
      ${rows.map(({ askAt }) => askAt)}::timestamptz[], ${rows.map(({ answerBy }) => answerBy)}::timestamptz[]) as fresh (id, cell, ask_at, answer_by)`.execute(
    scope.trx,
  );
  await scheduleNext(scope, slot.key);
}

/** The next moment at which a prompt of the slot is asked or its time to answer ends. */
async function scheduleNext(scope: CommandScope, slot: string): Promise<void> {
  const { rows } = await sql<{ due: Instant | null }>`
    select min(case state when 'planned' then ask_at else answer_by end) as due from duty_presence where slot = ${slot} and state in ('planned', 'asked')`.execute(
    scope.trx,
  );
  const dueAt = rows[0]?.due ?? null;
  if (dueAt !== null) await schedule(scope.trx, { kind: PRESENCE_JOB, key: `${slot}:${dueAt}`, dueAt, payload: { slot } });
}

/** Asks what is due where somebody has signed in. What could not be asked in time is left out: nobody missed it. */
async function ask(scope: CommandScope, slot: string): Promise<void> {
  await sql`update duty_presence set state = 'skipped' where slot = ${slot} and state = 'planned' and ask_at <= ${at(scope.now - ASKED_IN_TIME)}`.execute(
    scope.trx,
  );
  const { rows } = await sql<{ cell: string; state: string }>`
    update duty_presence p set state = case when exists (select 1 from duty_sign_in s where s.cell = p.cell and s.slot = p.slot) then 'asked' else 'skipped' end
    where slot = ${slot} and state = 'planned' and ask_at <= ${at(scope.now)} returning cell, state`.execute(scope.trx);
  for (const { cell, state } of rows) if (state === 'asked') scope.hint({ topic: 'duty', cell });
}

async function judgeMissed(scope: CommandScope, slot: DutySlot): Promise<void> {
  const { rows } = await sql<{ cell: string }>`
    update duty_presence set state = 'missed' where slot = ${slot.key} and state = 'asked' and answer_by <= ${at(scope.now)} returning cell`.execute(scope.trx);
  const cells = [...new Set(rows.map(({ cell }) => cell))];
  if (cells.length > 0) await reviewSlot(scope, slot, cells);
  for (const cell of cells) scope.hint({ topic: 'duty', cell });
}

const payload = z.strictObject({ slot: z.string().max(20) });

export const presenceJob: JobHandler = {
  kind: PRESENCE_JOB,
  async run(scope, job) {
    const { slot } = payload.parse(job.payload);
    const found = slotByKey(slot, scope.policy);
    await ask(scope, slot);
    if (found) await judgeMissed(scope, found);
    await scheduleNext(scope, slot);
  },
};

interface Prompt {
  readonly id: Id;
  readonly cell: string;
  readonly slot: string;
  readonly ask_at: Instant;
  readonly state: string;
}

/** One press by whoever is on duty, without proof. */
export const presence: CommandKind = commandKind<typeof dutyPresence>({
  contract: dutyPresence,
  access: { by: 'device' },
  audit: (command) => ({ subjectKind: 'duty-presence', subjectId: command.body.prompt, cell: cellOf(command) }),
  handle: oneByOne(async (scope, command) => {
    const prompt: Prompt | undefined = await scope.trx
      .selectFrom('duty_presence')
      .select(['id', 'cell', 'slot', 'ask_at', 'state'])
      .where('id', '=', command.body.prompt)
      .forUpdate()
      .executeTakeFirst();
    if (!prompt || prompt.cell !== cellOf(command) || prompt.state === 'planned' || prompt.state === 'skipped')
      return refused('PRESENCE_NOT_ASKED', 'this terminal was not asked');
    if (prompt.state === 'answered') return refused('ALREADY_DONE', 'the prompt was answered already');
    const verdict = judgePresence(prompt.ask_at, timeOf(command), scope.policy);
    if (!verdict.ok) return refused(verdict.error.code, 'this terminal was not asked');
    const answer = {
      answered_at: new Date(verdict.value.at),
      answer_received_at: new Date(scope.now),
      in_time: verdict.value.state !== 'late',
      command: command.id,
    };
    await scope.trx
      .updateTable('duty_presence')
      .set({ state: 'answered', ...answer })
      .where('id', '=', prompt.id)
      .execute();
    const slot = slotByKey(prompt.slot, scope.policy);
    if (prompt.state === 'missed' && slot) await reviewSlot(scope, slot, [prompt.cell]);
    scope.hint({ topic: 'duty', cell: prompt.cell });
    return accepted({ answeredInSeconds: verdict.value.answeredInSeconds });
  }),
});
