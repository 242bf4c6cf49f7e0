import { MINUTE } from '@sallyport/basics';
import { describe, expect, test } from 'vitest';
import { alarmLoad, LOAD_WINDOW } from './alert-load.js';

const FROM = Date.UTC(2026, 10, 22);
const at = (minute: number) => FROM + minute * MINUTE;
const present = (officer: string, from: number, until: number) => ({ officer, from: at(from), until: at(until) });

describe('ALERT14', () => {
  test('ALERT14: alarms are shared among those who were there and could answer, each once', () => {
    const two = [present('a', 0, 60), present('a', 5, 8), present('b', 9, 60)];
    const load = alarmLoad([at(1), at(2), at(3), at(9), at(25)], two, FROM, at(60));
    expect(load.windows).toEqual([
      { at: at(0), alarms: 4, officers: 2, perOfficer: 2 },
      { at: at(20), alarms: 1, officers: 2, perOfficer: 0.5 },
    ]);
    expect(load).toMatchObject({ mean: 2.5 / 6, most: 2, review: false });
  });

  test('ALERT14: with nobody there an alarm counts whole', () => {
    expect(alarmLoad([at(1)], [], FROM, at(10)).windows).toEqual([{ at: FROM, alarms: 1, officers: 1, perOfficer: 1 }]);
  });

  test.each([
    ['one in every ten minutes is bearable', Array.from({ length: 6 }, (_, n) => at(n * 10)), false],
    ['more than one in every ten minutes is not', [...Array.from({ length: 6 }, (_, n) => at(n * 10)), at(1)], true],
  ])('ALERT14: %s', (_what, raised, review) => {
    expect(alarmLoad(raised, [present('a', 0, 60)], FROM, at(60)).review).toBe(review);
  });

  test('ALERT14: ten at once are a flood, however quiet the rest', () => {
    const day = FROM + 144 * LOAD_WINDOW;
    const raised = (n: number) => Array.from({ length: n }, () => at(30));
    const there = [present('a', 0, 24 * 60)];
    expect(alarmLoad(raised(9), there, FROM, day).review).toBe(false);
    expect(alarmLoad(raised(10), there, FROM, day).review).toBe(true);
  });

  test('ALERT14: what lies outside the period does not count, and an empty period has no load', () => {
    expect(alarmLoad([FROM - 1, at(60)], [], FROM, at(60))).toEqual({ mean: 0, most: 0, review: false, windows: [] });
    expect(alarmLoad([FROM], [], FROM, FROM)).toEqual({ mean: 0, most: 0, review: false, windows: [] });
  });
});
