import { expect, test } from 'vitest';
import { mergeRepeats } from './repeats';

const event = (at: string, what: string, note: string | null = null, who: string | null = null) => ({ at, what, note, who });

test('what happens again and again is one line with its count, first and last time', () => {
  const merged = mergeRepeats([
    event('1', 'raised'),
    event('2', 'escalated', 'leadership'),
    event('3', 'escalated', 'leadership'),
    event('4', 'escalated', 'leadership'),
  ]);
  expect(merged.map(({ at, lastAt, what, count }) => [at, lastAt, what, count])).toEqual([
    ['1', '1', 'raised', 1],
    ['2', '4', 'escalated', 3],
  ]);
});
test('another person, another note or something between keeps them apart', () => {
  const history = [
    event('1', 'escalated', 'control-room'),
    event('2', 'escalated', 'leadership'),
    event('3', 'acknowledged', null, 'A'),
    event('4', 'acknowledged', null, 'B'),
    event('5', 'escalated', 'leadership'),
  ];
  expect(mergeRepeats(history)).toHaveLength(5);
});
