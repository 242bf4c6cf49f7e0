import { describe, expect, test } from 'vitest';
import { type IdleState, idleOff, idleSecondsLeft, idleStep } from './idle';

const timing = { maskAfter: 15_000, askAfter: 45_000, answerWithin: 20_000 };
const started: IdleState = idleStep(idleOff, { type: 'start', at: 1_000 }, timing);
const tick = (state: IdleState, at: number) => idleStep(state, { type: 'tick', at }, timing);
const touch = (state: IdleState, at: number) => idleStep(state, { type: 'touch', at }, timing);

describe('a personal session on a shared screen', () => {
  test.each([
    [0, 'active'],
    [14_999, 'active'],
    [15_000, 'masked'],
    [44_999, 'masked'],
    [45_000, 'asking'],
    [64_999, 'asking'],
    [65_000, 'left'],
  ])('after %i ms without a touch it is %s', (quiet, phase) => expect(tick(started, 1_000 + quiet).phase).toBe(phase));

  test('a touch starts the time anew, also while it asks', () => {
    const again = touch(tick(started, 50_000), 60_000);
    expect(again).toEqual({ phase: 'active', touchedAt: 60_000 });
    expect(tick(again, 74_999).phase).toBe('active');
  });
  test('a touch after the end does not bring it back, even when the machine slept through every tick', () => {
    expect(touch(started, 1_000 + 65_000).phase).toBe('left');
    expect(touch(tick(started, 1_000 + 65_000), 70_000).phase).toBe('left');
  });
  test('the same object comes back while nothing changes, so that nothing is drawn anew', () => expect(tick(started, 2_000)).toBe(started));
  test('counts down in whole seconds and never below zero', () => {
    expect([46_000, 46_001, 66_000, 99_000].map((at) => idleSecondsLeft(started, at, timing))).toEqual([20, 20, 0, 0]);
  });
  test('stopped, it ignores touches', () => expect(touch(idleStep(started, { type: 'stop' }, timing), 5_000)).toEqual(idleOff));
});
