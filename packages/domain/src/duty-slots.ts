import { addDays, type Instant, instantOf, MINUTE, minuteText, siteTime } from '@sallyport/basics';
import { type PolicyDocument, type PolicySpan, spanMinutes } from '@sallyport/contracts';

/** One duty slot of every cell. `start` is inside, `end` outside. */
export interface DutySlot {
  /** Start on the site's calendar, e.g. `2026-11-22T23:30`; names the slot within a cell. */
  readonly key: string;
  /** Date on which the window began: the roster day, so that a night belongs to its evening. */
  readonly date: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly night: boolean;
  /** For a night slot the date on which that night ends, else null. */
  readonly morning: string | null;
}

/** The instants at which something happens at a slot: tone, voice, console, leader, closed. */
export interface SlotTimes {
  readonly opensAt: Instant;
  readonly toneAt: Instant;
  readonly voiceAt: Instant;
  /** A sign-in up to and including this instant is on time; the anomaly is raised then. */
  readonly onTimeUntil: Instant;
  readonly leaderAt: Instant;
  /** A sign-in up to and including this instant is taken as late. */
  readonly closesAt: Instant;
}

type DutyPolicy = Pick<PolicyDocument, 'duty' | 'site'>;
const DAY_MINUTES = 1_440;
/** A window is at most a day long, so an instant lies in a slot of its own date or of the date before; the next start is at most a day away. */
const DATES_AROUND = [-1, 0, 1];

function within(minuteOfDay: number, span: PolicySpan): boolean {
  const { start, length } = spanMinutes(span);
  return (minuteOfDay - start + DAY_MINUTES) % DAY_MINUTES < length;
}

function makeSlot(date: string, from: number, until: number, policy: DutyPolicy): DutySlot {
  const zone = policy.site.timeZone;
  const startDate = addDays(date, Math.floor(from / DAY_MINUTES));
  const minute = from % DAY_MINUTES;
  const night = within(minute, policy.duty.night);
  const nightStart = spanMinutes(policy.duty.night);
  const evening = minute >= nightStart.start && nightStart.start + nightStart.length > DAY_MINUTES;
  return {
    key: `${startDate}T${minuteText(minute)}`,
    date,
    start: instantOf(date, from, zone),
    end: instantOf(date, until, zone),
    night,
    morning: night ? addDays(startDate, evening ? 1 : 0) : null,
  };
}

function makeSlotsOfDate(date: string, policy: DutyPolicy): readonly DutySlot[] {
  const { shiftMinutes, windows } = policy.duty;
  return windows
    .flatMap((window) => {
      const { start, length } = spanMinutes(window);
      const count = Math.ceil(length / shiftMinutes);
      return Array.from({ length: count }, (_, index) =>
        makeSlot(date, start + index * shiftMinutes, start + Math.min(length, (index + 1) * shiftMinutes), policy),
      );
    })
    .sort((a, b) => a.start - b.start);
}

/** Slots by policy, zone and date: a version of the policy never changes, and every sign-in asks for those of some dates. */
const made = new WeakMap<DutyPolicy['duty'], Map<string, readonly DutySlot[]>>();
/** Dates kept of one policy; a search over many weeks begins anew. */
const DATES_KEPT = 500;

/** The slots of the windows that begin on a date, in order of start. The last slot of a window is shorter when the shift does not divide it (DUTY2). */
export function slotsOfDate(date: string, policy: DutyPolicy): readonly DutySlot[] {
  const dates = made.get(policy.duty) ?? new Map<string, readonly DutySlot[]>();
  made.set(policy.duty, dates);
  const key = `${policy.site.timeZone} ${date}`;
  const known = dates.get(key);
  if (known) return known;
  if (dates.size >= DATES_KEPT) dates.clear();
  const slots = makeSlotsOfDate(date, policy);
  dates.set(key, slots);
  return slots;
}

/** The slots of the seven roster days from a Monday on. */
export function slotsOfWeek(monday: string, policy: DutyPolicy): DutySlot[] {
  return Array.from({ length: 7 }, (_, day) => slotsOfDate(addDays(monday, day), policy)).flat();
}

/** Slots that start in [from, until), in order. */
export function slotsBetween(from: Instant, until: Instant, policy: DutyPolicy): DutySlot[] {
  const slots: DutySlot[] = [];
  for (let date = addDays(siteTime(from, policy.site.timeZone).date, -1); ; date = addDays(date, 1)) {
    if (instantOf(date, 0, policy.site.timeZone) >= until) return slots.sort((a, b) => a.start - b.start);
    slots.push(...slotsOfDate(date, policy).filter((slot) => slot.start >= from && slot.start < until));
  }
}

/** Offsets of time zones are multiples of a quarter of an hour, so the site's date is one and the same within each. */
const QUARTER = 15 * MINUTE;
/** Slots around a quarter of an hour, by policy: every sign-in asks several times for those of the present one. */
const around = new WeakMap<DutyPolicy['duty'], Map<string, readonly DutySlot[]>>();

function slotsAround(at: Instant, policy: DutyPolicy): readonly DutySlot[] {
  const quarters = around.get(policy.duty) ?? new Map<string, readonly DutySlot[]>();
  around.set(policy.duty, quarters);
  const key = `${policy.site.timeZone} ${Math.floor(at / QUARTER)}`;
  const known = quarters.get(key);
  if (known) return known;
  const { date } = siteTime(at, policy.site.timeZone);
  const slots = DATES_AROUND.flatMap((days) => slotsOfDate(addDays(date, days), policy)).sort((a, b) => a.start - b.start);
  if (quarters.size >= DATES_KEPT) quarters.clear();
  quarters.set(key, slots);
  return slots;
}

/** The slot that contains an instant, or null outside duty. */
export function slotAt(at: Instant, policy: DutyPolicy): DutySlot | null {
  return slotsAround(at, policy).find((slot) => slot.start <= at && at < slot.end) ?? null;
}

/** The first slot that starts after an instant. */
export function nextSlotAfter(at: Instant, policy: DutyPolicy): DutySlot | null {
  return slotsAround(at, policy).find((slot) => slot.start > at) ?? null;
}

/** The slot with this key under this policy, or null when there is none (any more). */
export function slotByKey(key: string, policy: DutyPolicy): DutySlot | null {
  const date = key.slice(0, 10);
  return [addDays(date, -1), date].flatMap((day) => slotsOfDate(day, policy)).find((slot) => slot.key === key) ?? null;
}

/** The slot that ends at the very instant at which this one starts, or null when this one opens a window. */
export function previousSlotOf(slot: DutySlot, policy: DutyPolicy): DutySlot | null {
  return slotsAround(slot.start, policy).find((other) => other.end === slot.start && other.key !== slot.key) ?? null;
}

/** The slots whose sign-in window is open at an instant, the earlier first: at a change-over there can be two. */
export function slotsOpenAt(at: Instant, policy: DutyPolicy): DutySlot[] {
  return slotsAround(at, policy).filter((slot) => {
    const times = slotTimes(slot, policy);
    return times.opensAt <= at && at <= times.closesAt;
  });
}

/** When the sign-in window of a slot opens and closes and who hears of a missing sign-in when (DUTY7). */
export function slotTimes(slot: DutySlot, policy: Pick<PolicyDocument, 'duty'>): SlotTimes {
  const { opensBeforeMinutes, voiceAfterMinutes, alarmAfterMinutes, leaderAfterMinutes, closesAfterMinutes } = policy.duty.signIn;
  const after = (minutes: number) => slot.start + minutes * MINUTE;
  return {
    opensAt: after(-opensBeforeMinutes),
    toneAt: slot.start,
    voiceAt: after(voiceAfterMinutes),
    onTimeUntil: after(alarmAfterMinutes),
    leaderAt: after(leaderAfterMinutes),
    closesAt: after(closesAfterMinutes),
  };
}

/** Whether a roster change can no longer touch a slot: its sign-in window is open or over (DUTY5). */
export function isSlotLocked(slot: DutySlot, now: Instant, policy: Pick<PolicyDocument, 'duty'>): boolean {
  return slotTimes(slot, policy).opensAt <= now;
}

/** The slot from which on a roster approved now holds: the first that is not locked. Null when all of them are. */
export function effectiveFrom(slots: readonly DutySlot[], now: Instant, policy: Pick<PolicyDocument, 'duty'>): DutySlot | null {
  return slots.find((slot) => !isSlotLocked(slot, now, policy)) ?? null;
}
