import { describe, expect, test } from 'vitest';
import { compare, judge, line, median } from './rounds.js';

const comparison = { name: 'P0', unit: '/s', moreIsBetter: true, goal: 0.7 };

describe('a benchmark is a ratio of pairs taken side by side', () => {
  test('the median of an even count is the middle of the two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
  test('a goal is met by the median, either way round', () => {
    const pairs = [
      { product: 80, limit: 100 },
      { product: 60, limit: 100 },
      { product: 90, limit: 100 },
    ];
    expect(judge(comparison, pairs).met).toBe(true);
    expect(judge({ ...comparison, moreIsBetter: false }, pairs).met).toBe(false);
  });
  test('a limit that swings makes the ratio unusable and the line says so', () => {
    const verdict = judge(comparison, [
      { product: 80, limit: 100 },
      { product: 80, limit: 30 },
    ]);
    expect(verdict.unusable).toContain('3.3 times');
    expect(line(comparison, verdict)).toContain('varied');
  });
  test('each round takes both, and the first to go changes', async () => {
    const order: string[] = [];
    const note = (name: string) => async () => (order.push(name), 1);
    await compare({ ...comparison, product: note('p'), limit: note('l') }, 2);
    expect(order.join('')).toBe('lp' + 'lp' + 'pl');
  });
});
