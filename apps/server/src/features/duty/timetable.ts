import type { Instant } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import { type DutySlot, slotByKey, slotsBetween, slotsOfWeek } from '@sallyport/domain';
import type { CommandScope, Handled } from '../../platform/commands/kind.js';
import { refused } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import { type NextPolicy, type PolicyPeriod, policyPeriods } from '../policy/index.js';
import { sql } from 'kysely';

/** Policies with their times; `current` alone where the site has none in its database. */
async function periodsOf(db: Db, current: PolicyDocument): Promise<readonly PolicyPeriod[]> {
  const periods = await policyPeriods(db);
  return periods.length > 0 ? periods : [{ from: Number.NEGATIVE_INFINITY, until: null, document: current }];
}

/** Slots of a Monday's week, each by the policy that is, was or will be in force when it starts (DUTY50). */
export async function timetableOfWeek(db: Db, week: string, current: PolicyDocument): Promise<DutySlot[]> {
  const periods = await periodsOf(db, current);
  return periods.flatMap(({ from, until, document }) => slotsOfWeek(week, document).filter(({ start }) => start >= from && (until === null || start < until)));
}

/** A slot that starts in [from, until) with the policy in force at its start, for each. */
export async function timetableBetween(db: Db, from: Instant, until: Instant, current: PolicyDocument): Promise<{ slot: DutySlot; policy: PolicyDocument }[]> {
  const periods = await periodsOf(db, current);
  return periods.flatMap((period) =>
    slotsBetween(Math.max(from, period.from), Math.min(until, period.until ?? until), period.document).map((slot) => ({ slot, policy: period.document })),
  );
}

interface SeatTimes {
  readonly slot: string;
  readonly starts_at: Instant;
  readonly ends_at: Instant;
  readonly cells: number;
}

/** A slot of 24 hours, the longest there can be, that began before an instant has ended by then. */
const LONGEST = '1 day';

/**
 * A change of windows, shifts or time zone is refused while approved seats would lose their slot by it: people would be planned for a time
 * that nobody asks for. Says from when on it could hold (DUTY50).
 */
export async function rostersHoldPolicy({ trx }: CommandScope, { document, from }: NextPolicy): Promise<Handled<never> | null> {
  const { rows } = await sql<SeatTimes>`
    select slot, starts_at, ends_at, count(distinct cell)::integer as cells from duty_seat
    where starts_at > ${new Date(from)}::timestamptz - ${LONGEST}::interval and ends_at > ${new Date(from)}
    group by slot, starts_at, ends_at order by starts_at`.execute(trx);
  const lost = rows.filter(({ slot: key, starts_at, ends_at }) => {
    const slot = slotByKey(key, document);
    return slot?.start !== starts_at || slot.end !== ends_at;
  });
  const [first] = lost;
  if (!first) return null;
  const freeFrom = new Date(Math.max(...lost.map(({ ends_at }) => ends_at))).toISOString();
  return refused(
    'POLICY_ORPHANS_ROSTERS',
    `Approved rosters have ${lost.length} slots that this policy does not know, the first at ${first.slot}. Let it take effect from ${freeFrom} on, or approve rosters that leave those slots empty first.`,
    { slots: lost.length, cells: Math.max(...lost.map(({ cells }) => cells)), first: first.slot, freeFrom },
  );
}
