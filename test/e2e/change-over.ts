import { addDays, type Instant, mondayOf, siteTime } from '@sallyport/basics';
import { type BoardCell, defaultPolicy, type RosterView } from '@sallyport/contracts';
import type { Site } from '../support/site.js';
import { Clerk } from './clerk.js';

/** One person of a slot, with what only that person knows. */
export interface OnDuty {
  readonly bed: number;
  readonly pin: string;
  readonly number: string;
  readonly personId: string;
}
export interface OpenSlot {
  readonly slot: NonNullable<BoardCell['slot']>;
  readonly first: OnDuty;
  readonly second: OnDuty;
}

/** So long before its start a slot is open and the one before it still runs. */
const BEFORE_MS = 4 * 60_000;
const AFTER_MS = 1_000;

/** A day of slots and one more: that nobody can serve in any of them is an error of the site. */
const SLOTS_TRIED = 13;
/** A scheduled roll call takes the idle screen so long; a story of duty also moves some minutes into its slot. */
const ROLL_CALL_BEFORE_MINUTES = 12;
const ROLL_CALL_AFTER_MINUTES = 15;
const DAY_MINUTES = 24 * 60;

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Whether a scheduled roll call takes the idle screens around the start of a slot. The demonstration keeps the times of the house. */
function nearRollCall(startsAt: Instant): boolean {
  const { minute } = siteTime(startsAt, defaultPolicy.site.timeZone);
  return defaultPolicy.rollCall.times.some((time) => {
    const after = (minuteOf(time) - minute + DAY_MINUTES) % DAY_MINUTES;
    return after < ROLL_CALL_AFTER_MINUTES || DAY_MINUTES - after < ROLL_CALL_BEFORE_MINUTES;
  });
}

/** Moves the site's clock on until no scheduled roll call is near, for a story that starts one of its own. */
export async function clearOfRollCall(site: Site): Promise<void> {
  while (nearRollCall(await site.now())) await site.advance(5 * 60_000);
}

/** People of a slot as the demonstration knows them. @throws when a seat is empty or its person is away. */
function peopleOf(site: Site, { cell, seats, slot }: BoardCell): OpenSlot {
  const people = seats.map(({ bed, number, personId, where }) => {
    const known = site.demo.detainees.find((one) => one.number === number);
    if (!known || where !== null) throw new Error(`bed ${bed} of ${cell} cannot sign in`);
    return { bed, pin: known.pin, number, personId };
  });
  const [first, second] = people;
  if (!slot || !first || !second) throw new Error(`${cell} has no two people on duty`);
  return { slot, first, second };
}

/**
 * Moves the site's clock to just after the start of the next slot, which then takes sign-ins for three minutes on time and ten in all.
 * Slots are passed over whose people are away and those in which a roll call has the idle screen; what was missed on the way is ended.
 */
export async function nextSlot(site: Site, cell: string): Promise<OpenSlot> {
  const clerk = await Clerk.signIn(site, 'control-room');
  for (let tried = 0; tried < SLOTS_TRIED; tried += 1) {
    const before = await clerk.boardCell(cell);
    if (!before.slot) throw new Error(`nothing is planned in ${cell}`);
    const running = Date.parse(before.slot.startsAt) <= (await site.now());
    const startsAt = Date.parse(running ? before.slot.endsAt : before.slot.startsAt);
    await site.moveTo(startsAt + AFTER_MS);
    const there = await clerk.boardCell(cell);
    if (nearRollCall(startsAt) || there.seats.some(({ where }) => where !== null)) continue;
    await clerk.endAlarms();
    return peopleOf(site, there);
  }
  throw new Error(`nobody can serve in ${cell} all day`);
}

/** The two of the slot that runs in a cell. */
export async function runningSlot(site: Site, cell: string): Promise<OpenSlot> {
  return peopleOf(site, await (await Clerk.signIn(site, 'control-room')).boardCell(cell));
}

/** Moves the site's clock to shortly before the end of the slot that runs: those people hand over, the next ones may sign in. */
export async function endOfSlot(site: Site, { slot }: OpenSlot): Promise<void> {
  await site.moveTo(Date.parse(slot.endsAt) - BEFORE_MS);
}

/** The coming slots of a cell from one on, with their people. */
export async function slotsFrom(
  site: Site,
  cell: string,
  first: string,
  count: number,
): Promise<{ slot: string; startsAt: string; people: Pick<OnDuty, 'bed' | 'pin'>[] }[]> {
  const clerk = await Clerk.signIn(site, 'control-room');
  const week = mondayOf(first.slice(0, 10));
  const views = await Promise.all([week, addDays(week, 7)].map((monday) => clerk.read<RosterView>(`/api/duty/rosters/${cell}/${monday}`)));
  const slots = views.flatMap((view) => view.slots.map((slot) => ({ ...slot, known: view.people }))).filter(({ slot }) => slot >= first);
  return slots.slice(0, count).map(({ slot, startsAt, people, known }) => ({
    slot,
    startsAt,
    people: people.map((id) => {
      const bed = known.find((person) => person.id === id)?.bed ?? 0;
      const pin = site.demo.detainees.find((one) => one.cell === cell && one.bed === bed)?.pin;
      if (!pin) throw new Error(`nobody of bed ${bed} in ${cell} is known`);
      return { bed, pin };
    }),
  }));
}

/** The two who relieve those of a slot. */
export async function peopleAfter(site: Site, cell: string, { slot }: OpenSlot): Promise<Pick<OnDuty, 'bed' | 'pin'>[]> {
  const [, next] = await slotsFrom(site, cell, slot.slot, 2);
  if (!next || Date.parse(next.startsAt) !== Date.parse(slot.endsAt)) throw new Error(`nobody follows in ${cell}`);
  return next.people;
}
