import { addDays } from '@sallyport/basics';
import type { RosterView } from '@sallyport/contracts';

export type Seats = readonly [string | null, string | null];
/** Who sits where, by slot; a seat keeps its place while the other is empty. */
export type Draft = ReadonlyMap<string, Seats>;
export interface SeatAt {
  readonly slot: string;
  readonly seat: 0 | 1;
}

type Slot = RosterView['slots'][number];

export function draftOf(slots: readonly Pick<Slot, 'slot' | 'people'>[]): Draft {
  return new Map(slots.map(({ slot, people }) => [slot, [people[0] ?? null, people[1] ?? null]]));
}

/** The draft as the server takes it. */
export function plannedOf(draft: Draft): { slot: string; people: string[] }[] {
  return [...draft].map(([slot, seats]) => ({ slot, people: seats.filter((person) => person !== null) }));
}

export function personAt(draft: Draft, { slot, seat }: SeatAt): string | null {
  return draft.get(slot)?.[seat] ?? null;
}

/** Puts a person, or nobody, into a seat. A person who sits beside it moves over: nobody is twice in one slot by mistake. */
export function place(draft: Draft, { slot, seat }: SeatAt, person: string | null): Draft {
  const before = draft.get(slot);
  if (!before) return draft;
  const other = before[1 - seat] ?? null;
  const beside = person !== null && other === person ? before[seat] : other;
  return new Map(draft).set(slot, seat === 0 ? [person, beside] : [beside, person]);
}

/** Swaps the people of two seats. */
export function swap(draft: Draft, one: SeatAt, two: SeatAt): Draft {
  const [first, second] = [personAt(draft, one), personAt(draft, two)];
  if (one.slot === two.slot) {
    const [a, b] = draft.get(one.slot) ?? [null, null];
    return one.seat === two.seat ? draft : new Map(draft).set(one.slot, [b, a]);
  }
  return place(place(draft, one, second), two, first);
}

function sameSeats(one: Seats, two: Seats): boolean {
  return (one[0] === two[0] && one[1] === two[1]) || (one[0] === two[1] && one[1] === two[0]);
}

/** The slots whose two people are not the same two as before; who sits first does not count. */
export function changedSlots(before: Draft, after: Draft): string[] {
  return [...after].flatMap(([slot, seats]) => (sameSeats(before.get(slot) ?? [null, null], seats) ? [] : [slot]));
}

export interface WeekGrid {
  /** The seven roster days; a night belongs to its evening. */
  readonly days: readonly string[];
  /** Starts of the slots in the order of a roster day. */
  readonly times: readonly string[];
  readonly slotAt: ReadonlyMap<string, Slot>;
}

export const gridKey = (day: string, time: string): string => `${day} ${time}`;

/** The week as days across and slots down. A slot before the first start of the week's first day belongs to the night before. */
export function gridOf(week: string, slots: readonly Slot[]): WeekGrid {
  const first = slots[0]?.slot.slice(11) ?? '00:00';
  const dayOf = ({ slot }: Slot) => (slot.slice(11) < first ? addDays(slot.slice(0, 10), -1) : slot.slice(0, 10));
  const times = [...new Set(slots.map(({ slot }) => slot.slice(11)))];
  const order = (time: string) => (time < first ? `1${time}` : `0${time}`);
  return {
    days: Array.from({ length: 7 }, (_, day) => addDays(week, day)),
    times: times.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    slotAt: new Map(slots.map((slot) => [gridKey(dayOf(slot), slot.slot.slice(11)), slot])),
  };
}
