import type { Id, Instant } from '@sallyport/basics';
import type { PolicyDocument, SeatState, SlotView, WorkRow } from '@sallyport/contracts';
import { type DutySlot, seatStateOf as ruleSeatState, slotTimes } from '@sallyport/domain';
import type { Person } from '../person/index.js';
import type { SeatRecord, SignInRecord } from './evidence.js';
import { type DutyFacts, isOutAt } from './people.js';

export const iso = (instant: Instant): string => new Date(instant).toISOString();
export const isoOrNull = (instant: Instant | null): string | null => (instant === null ? null : iso(instant));

/** The times of a slot as screens show them, without its seats. */
export function slotHead(slot: DutySlot, policy: PolicyDocument): Omit<SlotView, 'seats'> {
  const times = slotTimes(slot, policy);
  return {
    slot: slot.key,
    startsAt: iso(slot.start),
    endsAt: iso(slot.end),
    opensAt: iso(times.opensAt),
    onTimeUntil: iso(times.onTimeUntil),
    closesAt: iso(times.closesAt),
    night: slot.night,
  };
}

/** How a seat stands (DUTY6). Out of the cell excuses only once the window is open: until then somebody may be back. */
export function seatStateOf(facts: DutyFacts | undefined, signIn: SignInRecord | undefined, slot: DutySlot, now: Instant, policy: PolicyDocument): SeatState {
  const { opensAt, onTimeUntil } = slotTimes(slot, policy);
  const gone = !facts || facts.person.state !== 'held';
  const excused = gone || (now >= opensAt && isOutAt(facts.duty, Math.min(now, onTimeUntil)));
  const evidence = signIn ? { person: signIn.person, receivedAt: signIn.received_at, state: signIn.state, late: signIn.late } : null;
  return ruleSeatState({ slot, signIn: evidence, excused }, now, policy);
}

/** A slot with its seats by bed, as a shared screen may show it. People who have left the cell have no bed there. */
export function slotViewOf(
  slot: DutySlot,
  cell: string,
  seats: readonly SeatRecord[],
  signIns: readonly SignInRecord[],
  people: ReadonlyMap<Id, DutyFacts>,
  now: Instant,
  policy: PolicyDocument,
): SlotView {
  const shown = seats.flatMap(({ person }) => {
    const facts = people.get(person);
    const signIn = signIns.find((one) => one.person === person);
    const bed = signIn?.bed ?? (facts?.person.cell === cell ? facts.person.bed : null);
    return bed == null ? [] : [{ bed, state: seatStateOf(facts, signIn, slot, now, policy), signedAt: signIn ? iso(signIn.signed_at) : null }];
  });
  return { ...slotHead(slot, policy), seats: shown };
}

/** A person as a row of the queue names them. */
export function named({ bed, maskedName, facts }: Person): WorkRow['people'][number] {
  return { bed, maskedName, riskLevel: facts.riskLevel, flags: [...facts.flags] };
}

/** A person as an officer's list shows them. Somebody released keeps number and name, and has no bed. */
export function listed(id: Id, person: Person | undefined): { id: Id; bed: number | null; number: string; maskedName: string } {
  return { id, bed: person?.bed ?? null, number: person?.number ?? '', maskedName: person?.maskedName ?? '' };
}
