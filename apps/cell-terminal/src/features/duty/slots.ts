import { type Instant, MINUTE } from '@sallyport/basics';
import type { SlotView, TerminalHome } from '@sallyport/contracts';

/** Handing over is asked for from this long before the end of a slot until as long after it. */
const HANDOVER_AROUND = 10 * MINUTE;

/** All slots that the terminal knows, each once, in order of their start. The reading of now wins over the plan of the day. */
export function knownSlots(view: TerminalHome): SlotView[] {
  const bySlot = new Map(view.slots.map((slot) => [slot.slot, slot]));
  for (const slot of [view.current, view.next]) if (slot) bySlot.set(slot.slot, slot);
  return [...bySlot.values()].sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
}

const at = (text: string): Instant => Date.parse(text);

/** A slot that nobody was put into calls nobody. */
const hasPeople = ({ seats }: SlotView): boolean => seats.length > 0;

/** The slot that people sign in for at `now` (server's clock), or null. Works off line: the windows came with the plan. */
export function openSlot(view: TerminalHome, now: Instant): SlotView | null {
  return knownSlots(view).find((slot) => hasPeople(slot) && at(slot.opensAt) <= now && now < at(slot.closesAt)) ?? null;
}

/** The slot that runs at `now`, or null. */
export function runningSlot(view: TerminalHome, now: Instant): SlotView | null {
  return knownSlots(view).find(({ startsAt, endsAt }) => at(startsAt) <= now && now < at(endsAt)) ?? null;
}

/** The first slot with people whose window has not opened yet, or null. */
export function upcomingSlot(view: TerminalHome, now: Instant): SlotView | null {
  return knownSlots(view).find((slot) => hasPeople(slot) && at(slot.opensAt) > now) ?? null;
}

/** Who did not serve has nothing to hand over; a sign-in that waits here may still be on its way. */
export function maySpeak(state: SlotView['seats'][number]['state']): boolean {
  return state !== 'absent' && state !== 'excused';
}

/** The slot whose people may hand over now, or null. */
export function handoverSlot(view: TerminalHome, now: Instant): SlotView | null {
  return (
    knownSlots(view).find(
      ({ startsAt, endsAt, seats }) =>
        seats.some(({ state }) => maySpeak(state)) && at(startsAt) < now && at(endsAt) - HANDOVER_AROUND <= now && now < at(endsAt) + HANDOVER_AROUND,
    ) ?? null
  );
}

/** Slots of the day that the site's clock shows, by their key (`2026-11-22T22:00`). */
export function slotsOfDate(view: TerminalHome, date: string): SlotView[] {
  return knownSlots(view).filter(({ slot }) => slot.startsWith(date));
}

/** Whether the cell sleeps: from lights-out to lights-on ("HH:MM"), over midnight. */
export function isNight(clock: string, lightsOut: string, lightsOn: string): boolean {
  return lightsOut <= lightsOn ? clock >= lightsOut && clock < lightsOn : clock >= lightsOut || clock < lightsOn;
}
