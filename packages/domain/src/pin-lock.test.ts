import { MINUTE } from '@sallyport/basics';
import { defaultPolicy } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { type PinFailure, pinGate } from './pin-lock.js';

const NOW = Date.parse('2026-11-22T13:30:00Z');
const failure = (command: string, errand = 's1', change: Partial<PinFailure> = {}): PinFailure => ({
  command,
  errand,
  receivedAt: NOW,
  replayed: false,
  ...change,
});
const gate = (failures: PinFailure[], errand = 's1', now = NOW) => pinGate(failures, errand, now, defaultPolicy);
const many = (count: number, change: (index: number) => Partial<PinFailure> = () => ({})) =>
  Array.from({ length: count }, (_, index) => failure(`c${index}`, `s${Math.floor(index / 2)}`, change(index)));

describe('PIN', () => {
  test.each([
    [0, { open: true, triesLeft: 3 }],
    [2, { open: true, triesLeft: 1 }],
    [3, { open: false, reason: 'errand', until: null }],
  ])('PIN1: after %i wrong PINs at a slot', (count, expected) => {
    expect(gate(Array.from({ length: count }, (_, index) => failure(`c${index}`)))).toEqual(expected);
  });

  test('PIN1: another slot has its own tries', () => {
    expect(gate([failure('a'), failure('b'), failure('c')], 's2')).toEqual({ open: true, triesLeft: 3 });
  });

  test('PIN2: six wrong PINs within an hour lock for half an hour after the last', () => {
    const failures = many(6, (index) => ({ receivedAt: NOW + index * MINUTE }));
    expect(gate(failures, 's9', NOW + 6 * MINUTE)).toEqual({ open: false, reason: 'lock-out', until: NOW + 35 * MINUTE });
    expect(gate(failures, 's9', NOW + 35 * MINUTE)).toEqual({ open: true, triesLeft: 3 });
    expect(
      gate(
        many(6, (index) => ({ receivedAt: NOW + index * 13 * MINUTE })),
        's9',
        NOW + 66 * MINUTE,
      ),
    ).toEqual({ open: true, triesLeft: 3 });
    expect(gate(many(5), 's9')).toEqual({ open: true, triesLeft: 3 });
  });

  test('PIN3: replayed failures of one slot count once toward the lock, and a command counts once however often it comes', () => {
    expect(
      gate(
        many(6, () => ({ replayed: true, errand: 's1' })),
        's9',
      ),
    ).toEqual({ open: true, triesLeft: 3 });
    expect(gate([failure('a'), failure('a'), failure('a')])).toEqual({ open: true, triesLeft: 2 });
    expect(
      gate(
        many(6, (index) => ({ replayed: true, errand: `t${index}` })),
        's9',
      ),
    ).toMatchObject({ open: false, reason: 'lock-out' });
  });
});
