import { HOUR, type Instant, MINUTE } from '@sallyport/basics';
import type { SlotView, TerminalHome } from '@sallyport/contracts';
import { expect, test } from 'vitest';
import { handoverSlot, isNight, knownSlots, openSlot, runningSlot, slotsOfDate, upcomingSlot } from './slots';

const START = Date.parse('2026-11-22T14:00:00.000Z');
const text = (instant: Instant): string => new Date(instant).toISOString();

function slot(index: number): SlotView {
  const startsAt = START + index * 2 * HOUR;
  return {
    slot: text(startsAt + 8 * HOUR).slice(0, 16),
    startsAt: text(startsAt),
    endsAt: text(startsAt + 2 * HOUR),
    opensAt: text(startsAt - 10 * MINUTE),
    onTimeUntil: text(startsAt + 3 * MINUTE),
    closesAt: text(startsAt + 10 * MINUTE),
    night: true,
    seats: [{ bed: index + 1, state: 'waiting', signedAt: null }],
  };
}
const view = { current: null, next: null, slots: [slot(2), slot(0), slot(1)] } as unknown as TerminalHome;

test.each([
  [-11, null, null, 'first'],
  [-10, 'first', null, 'second'],
  [0, 'first', 'first', 'second'],
  [9, 'first', 'first', 'second'],
  [10, null, 'first', 'second'],
  [110, 'second', 'first', 'third'],
])('%i minutes from the start: open %s, running %s, upcoming %s', (minutes, open, running, upcoming) => {
  const now = START + minutes * MINUTE;
  const name = (found: SlotView | null): string | null => found && (['first', 'second', 'third'][(found.seats[0]?.bed ?? 0) - 1] ?? null);
  expect([openSlot(view, now), runningSlot(view, now), upcomingSlot(view, now)].map(name)).toEqual([open, running, upcoming]);
});

test('the reading of now wins over the plan, and slots stand in order', () => {
  const now = { ...slot(1), seats: [] };
  const known = knownSlots({ ...view, current: now });
  expect(known.map(({ startsAt }) => startsAt)).toEqual([slot(0), slot(1), slot(2)].map(({ startsAt }) => startsAt));
  expect(known[1]?.seats).toEqual([]);
});

test('the people of a slot hand over around its end', () => {
  expect(handoverSlot(view, START + 109 * MINUTE)).toBeNull();
  expect(handoverSlot(view, START + 110 * MINUTE)?.seats[0]?.bed).toBe(1);
  expect(handoverSlot(view, START + 129 * MINUTE)?.seats[0]?.bed).toBe(1);
  expect(handoverSlot(view, START + 131 * MINUTE)).toBeNull();
});

test('the day of a slot is the day of the site', () => {
  expect(slotsOfDate(view, '2026-11-22')).toHaveLength(1);
  expect(slotsOfDate(view, '2026-11-23')).toHaveLength(2);
});

test.each([
  ['21:59', false],
  ['22:00', true],
  ['03:00', true],
  ['06:00', false],
])('at %s the cell sleeps: %s', (clock, night) => {
  expect(isNight(clock, '22:00', '06:00')).toBe(night);
});

test('DUTY28: who did not serve has nothing to hand over', () => {
  const missed = {
    ...slot(0),
    seats: [
      { bed: 1, state: 'absent' as const, signedAt: null },
      { bed: 2, state: 'excused' as const, signedAt: null },
    ],
  };
  const atEnd = START + 2 * HOUR;
  expect(handoverSlot({ ...view, slots: [missed] }, atEnd)).toBeNull();
  expect(handoverSlot({ ...view, slots: [{ ...missed, seats: [...missed.seats, { bed: 3, state: 'late', signedAt: text(START) }] }] }, atEnd)?.slot).toBe(
    missed.slot,
  );
});

test('a slot without people calls nobody and is passed over for the next that has some', () => {
  const empty = { ...slot(0), seats: [] };
  const plan = { ...view, slots: [empty, slot(1)] };
  expect(openSlot(plan, START)).toBeNull();
  expect(runningSlot(plan, START)?.seats).toEqual([]);
  expect(upcomingSlot({ ...view, slots: [empty, slot(1)] }, START - 30 * MINUTE)?.slot).toBe(slot(1).slot);
});
