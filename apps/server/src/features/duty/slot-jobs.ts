import { HOUR, type Instant, MINUTE } from '@sallyport/basics';
import { type DutySlot, previousSlotOf, slotByKey, slotTimes } from '@sallyport/domain';
import { sql } from 'kysely';
import { z } from 'zod';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { JobHandler } from '../../platform/feature.js';
import { type NewJob, schedule, scheduleAll } from '../../platform/jobs/index.js';
import { reviewSlot } from './anomaly.js';
import { planPresence } from './presence.js';
import { releaseWaiting } from './release.js';
import { planRollCalls } from './roll-call.js';
import { cellsWithoutRoster } from './roster-cover.js';
import { findRosterGaps } from './roster-gap.js';
import { terminalStates } from './silence.js';
import { timetableBetween } from './timetable.js';
import { findVacancies } from './vacancy.js';

/** How far ahead the jobs of slots are written: a weekend without a restart or an officer. */
const PLAN_AHEAD = 48 * HOUR;
/** How far back a server that was away looks: older slots are history. */
const LOOK_BACK = 24 * HOUR;
/** The plan is looked at so often; also how soon a changed policy is noticed. */
const TICK = 10 * MINUTE;
/** Slots with a silent terminal are looked at again so often, until it has spoken or the slot is this old. */
const FOLLOW_EVERY = MINUTE;
const FOLLOW_FOR = 48 * HOUR;

const TICK_JOB = 'duty.tick';
const SLOT_JOB = 'duty.slot';
const FOLLOW_JOB = 'duty.follow';

const EVENTS = ['open', 'start', 'alarm', 'close', 'end'] as const;
type SlotEvent = (typeof EVENTS)[number];

function dueOf(event: SlotEvent, slot: DutySlot, policy: CommandScope['policy']): Instant {
  const times = slotTimes(slot, policy);
  // The last moment of the window still belongs to it.
  const due = { open: times.opensAt, start: slot.start, alarm: times.onTimeUntil, close: times.closesAt + 1, end: slot.end };
  return due[event];
}

/** One job per slot and event for the whole house; the cells are handled together. */
async function jobsOf(scope: CommandScope, from: Instant): Promise<NewJob[]> {
  return (await timetableBetween(scope.trx, from, scope.now + PLAN_AHEAD, scope.policy)).flatMap(({ slot, policy }) =>
    EVENTS.map((event) => {
      const dueAt = dueOf(event, slot, policy);
      return { kind: SLOT_JOB, key: `${slot.key}:${event}:${dueAt}`, dueAt, payload: { slot: slot.key, event } };
    }),
  );
}

async function nextTick(scope: CommandScope, after: Instant): Promise<void> {
  const dueAt = Math.ceil((after + 1) / TICK) * TICK;
  await schedule(scope.trx, { kind: TICK_JOB, key: String(dueAt), dueAt, payload: {} });
}

/** Starts the engine of the slots, or lets it run on: safe at every start and in every process. */
export async function startSlots(scope: CommandScope): Promise<void> {
  await scheduleAll(scope.trx, await jobsOf(scope, scope.now - LOOK_BACK));
  await nextTick(scope, scope.now);
}

const tick: JobHandler = {
  kind: TICK_JOB,
  async run(scope, job) {
    await scheduleAll(scope.trx, await jobsOf(scope, job.dueAt - HOUR));
    await follow(scope);
    await planRollCalls(scope);
    await findVacancies(scope);
    await findRosterGaps(scope);
    // One tick for all that passed: a clock that jumped a week does not run ten thousand of them.
    await nextTick(scope, Math.max(job.dueAt, scope.now));
  },
};

interface SilentCell {
  readonly cell: string;
  readonly slot: string;
  readonly back_at: Instant | null;
}

/** A terminal that stood there when the slot was missed: one that came later has nothing stored of it (DUTY48). */
const SAME_TERMINAL = sql<boolean>`exists (select 1 from device d where d.place = 'cell:' || a.cell and d.state = 'active' and d.confirmed_at <= a.at)`;

/** Slots that are open because a terminal was silent and may still deliver. */
async function silentCells(scope: CommandScope): Promise<SilentCell[]> {
  const { rows } = await sql<SilentCell>`
    select a.cell, a.slot, a.back_at from duty_anomaly a
    where a.kind = 'TERMINAL_OFFLINE' and a.state = 'open' and a.at > ${new Date(scope.now - FOLLOW_FOR)}
      and ${SAME_TERMINAL}
      and not exists (select 1 from duty_anomaly b where b.cell = a.cell and b.slot = a.slot and b.kind in ('NO_DUTY', 'SOLO_DUTY'))`.execute(scope.trx);
  return rows;
}

/** Notes which terminals were first seen again, and when; the rules count the grace for their stored sign-ins from there. */
async function noteReturns(scope: CommandScope, silent: readonly SilentCell[]): Promise<Set<string>> {
  const cells = [...new Set(silent.map(({ cell }) => cell))];
  const states = await terminalStates(scope.trx, cells, scope.now, scope.policy);
  const online = cells.filter((cell) => states.get(cell) === 'online');
  await sql`update duty_anomaly a set back_at = ${new Date(scope.now)}
    where kind = 'TERMINAL_OFFLINE' and state = 'open' and back_at is null and cell = any(${online}::text[]) and ${SAME_TERMINAL}`.execute(scope.trx);
  return new Set(online);
}

/** Looks again at slots whose terminals are back: what is missing after the grace is missing (DUTY21). One chain for the whole house. */
async function follow(scope: CommandScope): Promise<void> {
  const silent = await silentCells(scope);
  if (silent.length === 0) return;
  const online = await noteReturns(scope, silent);
  const bySlot = new Map<string, string[]>();
  for (const { cell, slot, back_at } of silent) if (back_at !== null || online.has(cell)) bySlot.set(slot, [...(bySlot.get(slot) ?? []), cell]);
  for (const [key, cells] of bySlot) {
    const slot = slotByKey(key, scope.policy);
    if (slot) await reviewSlot(scope, slot, cells);
  }
  const dueAt = Math.ceil((scope.now + 1) / FOLLOW_EVERY) * FOLLOW_EVERY;
  await schedule(scope.trx, { kind: FOLLOW_JOB, key: String(dueAt), dueAt, payload: {} });
}

/** No event of a slot is further from its start than this: slots last two hours at most. */
const NEAR = 3 * HOUR;

/** Raises the held cells that nobody planned for the slot that begins (DUTY47). */
async function reviewGaps(scope: CommandScope, slot: DutySlot): Promise<void> {
  const cells = await cellsWithoutRoster(scope.trx, slot, 'all', scope.now);
  if (cells.size > 0) await reviewSlot(scope, slot, [...cells].sort());
}

const slotPayload = z.strictObject({ slot: z.string().max(20), event: z.enum(EVENTS) });
const slotJob: JobHandler = {
  kind: SLOT_JOB,
  async run(scope, job) {
    const { slot: key, event } = slotPayload.parse(job.payload);
    const around = await timetableBetween(scope.trx, job.dueAt - NEAR, job.dueAt + NEAR, scope.policy);
    const slot = around.find((one) => one.slot.key === key && dueOf(event, one.slot, one.policy) === job.dueAt)?.slot;
    // Another policy holds at its start; the plan has written jobs of its own.
    if (!slot) return;
    if (event === 'open') {
      await findVacancies(scope);
      return planPresence(scope, slot);
    }
    if (event === 'start') return reviewGaps(scope, slot);
    if (event === 'end') return releaseWaiting(scope, slot);
    if (event === 'close') {
      const outgoing = previousSlotOf(slot, scope.policy);
      return outgoing ? releaseWaiting(scope, outgoing) : undefined;
    }
    await reviewSlot(scope, slot, 'all');
    await follow(scope);
  },
};

const followJob: JobHandler = { kind: FOLLOW_JOB, run: (scope) => follow(scope) };

export const slotJobs: readonly JobHandler[] = [tick, slotJob, followJob];
