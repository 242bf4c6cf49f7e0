import { expect, test } from 'vitest';
import { isFilled, noteNumbers, type Span } from './sequence.js';

const start = { high: 0, missing: [] as Span[] };

test.each([
  ['in order', start, [1, 2, 3], { high: 3, missing: [], noticed: [], filled: false }],
  ['in any order within a batch', start, [3, 1, 2], { high: 3, missing: [], noticed: [], filled: false }],
  ['a gap', start, [1, 4], { high: 4, missing: [[2, 3]], noticed: [[2, 3]], filled: false }],
  [
    'filled in the middle',
    { high: 6, missing: [[2, 5]] as Span[] },
    [3],
    {
      high: 6,
      missing: [
        [2, 2],
        [4, 5],
      ],
      noticed: [],
      filled: true,
    },
  ],
  ['filled at the ends', { high: 6, missing: [[2, 5]] as Span[] }, [2, 5], { high: 6, missing: [[3, 4]], noticed: [], filled: true }],
  ['sent again', { high: 6, missing: [] as Span[] }, [4, 6], { high: 6, missing: [], noticed: [], filled: false }],
  ['first number above one', start, [5], { high: 5, missing: [[1, 4]], noticed: [[1, 4]], filled: false }],
])('numbers of a device: %s', (_name, before, numbers, after) => {
  expect(noteNumbers(before, numbers)).toEqual(after);
});

test('holes without end are joined, and none is forgotten', () => {
  const numbers = Array.from({ length: 50 }, (_, n) => n * 2 + 2);
  let progress: { high: number; missing: readonly Span[] } = start;
  for (let round = 0; round < 10; round += 1)
    progress = noteNumbers(
      progress,
      numbers.map((n) => n + round * 100),
    );
  expect(progress.missing.length).toBeLessThanOrEqual(200);
  for (let odd = 1; odd < progress.high; odd += 2) expect(isFilled([odd, odd], progress.missing)).toBe(false);
});
