import { expect, test } from 'vitest';
import { planCells } from './people.js';

test('a made-up site has cells of four digits, two people each, and everybody once', () => {
  const cells = planCells(300);
  expect(cells.every(({ number }) => /^\d{4}$/.test(number))).toBe(true);
  expect(new Set(cells.map(({ number }) => number)).size).toBe(300);
  const people = cells.flatMap(({ people: both }) => [...both]);
  expect(new Set(people.map(({ id }) => id)).size).toBe(600);
  expect(people.every(({ pin }) => /^\d{6}$/.test(pin))).toBe(true);
  expect(() => planCells(10_000)).toThrow(/at most/);
});
