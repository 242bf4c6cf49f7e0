import { describe, expect, test } from 'vitest';
import { changedSlots, type Draft, draftOf, gridKey, gridOf, place, plannedOf, swap } from './draft';

const draft: Draft = draftOf([
  { slot: '2026-11-23T21:30', people: ['a', 'b'] },
  { slot: '2026-11-23T23:30', people: ['c'] },
]);
const slot = (key: string) => ({ slot: key, startsAt: '', endsAt: '', night: true, people: [], locked: false });

describe('roster draft (ux R21)', () => {
  test('two people of different slots change places', () => {
    const after = swap(draft, { slot: '2026-11-23T21:30', seat: 1 }, { slot: '2026-11-23T23:30', seat: 0 });
    expect(plannedOf(after)).toEqual([
      { slot: '2026-11-23T21:30', people: ['a', 'c'] },
      { slot: '2026-11-23T23:30', people: ['b'] },
    ]);
  });
  test('a swap with an empty seat moves the person', () => {
    const after = swap(draft, { slot: '2026-11-23T21:30', seat: 0 }, { slot: '2026-11-23T23:30', seat: 1 });
    expect(plannedOf(after)[1]).toEqual({ slot: '2026-11-23T23:30', people: ['c', 'a'] });
  });
  test('nobody sits twice in one slot', () => {
    expect(place(draft, { slot: '2026-11-23T21:30', seat: 0 }, 'b').get('2026-11-23T21:30')).toEqual(['b', 'a']);
    expect(place(draft, { slot: '2026-11-23T21:30', seat: 0 }, null).get('2026-11-23T21:30')).toEqual([null, 'b']);
  });
  test('two people who only change sides are no change', () => {
    const sides = swap(draft, { slot: '2026-11-23T21:30', seat: 0 }, { slot: '2026-11-23T21:30', seat: 1 });
    expect(changedSlots(draft, sides)).toEqual([]);
    expect(changedSlots(draft, place(draft, { slot: '2026-11-23T23:30', seat: 1 }, 'a'))).toEqual(['2026-11-23T23:30']);
  });
  test('a slot after midnight stands under its evening', () => {
    const grid = gridOf('2026-11-23', [slot('2026-11-23T12:00'), slot('2026-11-23T23:30'), slot('2026-11-24T01:30'), slot('2026-11-24T12:00')]);
    expect(grid.times).toEqual(['12:00', '23:30', '01:30']);
    expect(grid.slotAt.get(gridKey('2026-11-23', '01:30'))?.slot).toBe('2026-11-24T01:30');
    expect(grid.days.at(-1)).toBe('2026-11-29');
  });
});
