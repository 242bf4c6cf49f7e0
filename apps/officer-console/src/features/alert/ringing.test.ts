import { expect, test } from 'vitest';
import { ringingOf } from './ringing';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const row = (id: string, level: 'high' | 'medium' | 'low', until: string | null = null, state: 'calling' | 'acknowledged' = 'calling') => ({
  id,
  level,
  state,
  soundPaused: until === null ? null : { by: 'Wang', until },
});
const LATER = '2026-11-22T12:00:42.500Z';

test('R14: the worst alarm that nobody has acknowledged is heard', () => {
  expect(ringingOf([row('a', 'high', null, 'acknowledged'), row('b', 'medium')], 0, NOW)).toMatchObject({
    level: 'medium',
    audible: 'medium',
    pausable: ['b'],
  });
});
test('R14: a pause is of one alarm, is told with its name and seconds, and another one rings', () => {
  expect(ringingOf([row('a', 'high', LATER)], 0, NOW)).toEqual({ level: 'high', audible: null, pausable: [], pausedBy: 'Wang', secondsLeft: 43 });
  expect(ringingOf([row('a', 'high', LATER), row('b', 'high')], 0, NOW)).toMatchObject({ audible: 'high', pausable: ['b'] });
});
test('R14: a pause ends by itself, also when the server cannot be asked', () => {
  expect(ringingOf([row('a', 'high', LATER)], 0, Date.parse(LATER))).toMatchObject({ audible: 'high', pausedBy: null });
});
test('a call that only this console knows of is never paused', () => {
  expect(ringingOf([], 1, NOW)).toMatchObject({ level: 'high', audible: 'high', pausable: [] });
});
