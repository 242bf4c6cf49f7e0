import { HOUR, MINUTE } from '@sallyport/basics';
import { defaultPolicy, type PolicyDocument, policyDocument } from '@sallyport/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  effectiveFrom,
  isSlotLocked,
  nextSlotAfter,
  previousSlotOf,
  slotAt,
  slotByKey,
  slotsBetween,
  slotsOfDate,
  slotsOfWeek,
  slotsOpenAt,
  slotTimes,
} from './duty-slots.js';

const policy = defaultPolicy;
const at = (text: string) => Date.parse(`${text}+08:00`);
const withDuty = (duty: Record<string, unknown>): PolicyDocument => policyDocument.parse({ duty });

describe('duty slots', () => {
  test('DUTY1: the default day has noon rest and a night that crosses midnight', () => {
    expect(slotsOfDate('2026-11-22', policy).map((slot) => slot.key)).toEqual([
      '2026-11-22T12:00',
      '2026-11-22T21:30',
      '2026-11-22T23:30',
      '2026-11-23T01:30',
      '2026-11-23T03:30',
      '2026-11-23T05:30',
    ]);
  });

  test('DUTY1: a night belongs to the date of its evening', () => {
    const slot = slotByKey('2026-11-23T03:30', policy);
    expect(slot).toMatchObject({ date: '2026-11-22', start: at('2026-11-23T03:30'), end: at('2026-11-23T05:30'), night: true, morning: '2026-11-23' });
    expect(slotByKey('2026-11-22T21:30', policy)).toMatchObject({ night: true, morning: '2026-11-23' });
    expect(slotByKey('2026-11-22T12:00', policy)).toMatchObject({ night: false, morning: null });
    expect(slotByKey('2026-11-22T12:30', policy)).toBeNull();
  });

  test.each<[60 | 90 | 120, number[]]>([
    [60, Array(9).fill(60)],
    [90, Array(6).fill(90)],
    [120, [120, 120, 120, 120, 60]],
  ])('DUTY2: shifts of %i minutes fill the night, the last slot takes what is left', (shiftMinutes, lengths) => {
    const night = slotsOfDate('2026-11-22', withDuty({ shiftMinutes, windows: [{ start: '21:30', end: '06:30' }] }));
    expect(night.map((slot) => (slot.end - slot.start) / MINUTE)).toEqual(lengths);
  });

  test('DUTY3: a slot contains its start and not its end', () => {
    expect(slotAt(at('2026-11-22T21:29:59.999'), policy)).toBeNull();
    expect(slotAt(at('2026-11-22T21:30'), policy)?.key).toBe('2026-11-22T21:30');
    expect(slotAt(at('2026-11-22T23:30'), policy)?.key).toBe('2026-11-22T23:30');
    expect(slotAt(at('2026-11-23T06:30'), policy)).toBeNull();
    expect(nextSlotAfter(at('2026-11-23T06:30'), policy)?.key).toBe('2026-11-23T12:00');
    expect(nextSlotAfter(at('2026-11-22T23:45'), policy)?.key).toBe('2026-11-23T01:30');
  });

  test('DUTY3: the slot before is the one that ends as this one starts', () => {
    const [noon, first, second] = slotsOfDate('2026-11-22', policy);
    expect(noon && previousSlotOf(noon, policy)).toBeNull();
    expect(first && previousSlotOf(first, policy)).toBeNull();
    expect(second && previousSlotOf(second, policy)?.key).toBe(first?.key);
  });

  test('DUTY3: a whole day of duty has no gap, also across midnight', () => {
    const allDay = withDuty({ windows: [{ start: '09:20', end: '09:20' }] });
    const first = slotsOfDate('2026-11-22', allDay)[0];
    expect(slotsOfDate('2026-11-22', allDay)).toHaveLength(12);
    expect(first && previousSlotOf(first, allDay)?.key).toBe('2026-11-22T07:20');
  });

  test('DUTY3: a week has every slot once and a span of time those that start in it', () => {
    const week = slotsOfWeek('2026-11-16', policy);
    expect(week).toHaveLength(42);
    expect(new Set(week.map((slot) => slot.key)).size).toBe(42);
    expect(slotsBetween(at('2026-11-22T21:30'), at('2026-11-23T01:30'), policy).map((slot) => slot.key)).toEqual(['2026-11-22T21:30', '2026-11-22T23:30']);
  });

  test('DUTY7: tone at the start, voice after 1, console after 3, leader after 5, closed after 10 minutes', () => {
    const slot = slotByKey('2026-11-22T21:30', policy);
    const times = slot && slotTimes(slot, policy);
    const minutes = times && Object.fromEntries(Object.entries(times).map(([name, instant]) => [name, (instant - slot.start) / MINUTE]));
    expect(minutes).toEqual({ opensAt: -10, toneAt: 0, voiceAt: 1, onTimeUntil: 3, leaderAt: 5, closesAt: 10 });
  });

  test('DUTY7: a slot takes sign-ins only inside its window', () => {
    const open = (text: string) =>
      slotsOpenAt(
        at(text),
        withDuty({ shiftMinutes: 60, signIn: { opensBeforeMinutes: 30, closesAfterMinutes: 29 }, windows: [{ start: '21:30', end: '06:30' }] }),
      ).map((slot) => slot.key.slice(11));
    expect(open('2026-11-22T22:00')).toEqual(['22:30']);
    expect(open('2026-11-22T21:59')).toEqual(['21:30']);
    expect(slotsOpenAt(at('2026-11-22T21:20'), policy).map((slot) => slot.key.slice(11))).toEqual(['21:30']);
    expect(slotsOpenAt(at('2026-11-22T21:40:00.001'), policy)).toEqual([]);
  });

  test('DUTY3: any instant lies in at most one slot, and its key leads back to it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2026-01-01T00:00'), max: at('2027-01-01T00:00') }),
        fc.constantFrom(60, 90, 120),
        fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York'),
        (instant, shiftMinutes, timeZone) => {
          const drawn = policyDocument.parse({ site: { timeZone }, duty: { shiftMinutes } });
          const slot = slotAt(instant, drawn);
          if (slot) expect(slotByKey(slot.key, drawn)).toEqual(slot);
          const next = nextSlotAfter(instant, drawn);
          expect(next && next.start > instant && next.start - instant <= 25 * HOUR).toBe(true);
        },
      ),
    );
  });

  test('DUTY5: a roster holds from the next slot whose sign-in window is still closed', () => {
    const day = slotsOfDate('2026-11-22', policy);
    expect(effectiveFrom(day, at('2026-11-22T21:19:59.999'), policy)?.key).toBe('2026-11-22T21:30');
    expect(effectiveFrom(day, at('2026-11-22T21:20'), policy)?.key).toBe('2026-11-22T23:30');
    expect(effectiveFrom(day, at('2026-11-23T12:00'), policy)).toBeNull();
    expect(day.map((slot) => isSlotLocked(slot, at('2026-11-22T21:20'), policy))).toEqual([true, true, false, false, false, false]);
  });
});
