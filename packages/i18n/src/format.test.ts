import { DAY, HOUR, instantOf, MINUTE, SECOND } from '@sallyport/basics';
import { expect, test } from 'vitest';
import { createI18n } from './create.js';
import {
  formatClock,
  formatDate,
  formatDateTime,
  formatDuration,
  formatList,
  formatMoment,
  formatMoney,
  formatNear,
  formatSecond,
  formatShort,
  formatTime,
  type Words,
} from './format.js';
import { cellSource } from './source-cell.js';

const zone = 'Asia/Shanghai';
const at = instantOf('2026-11-22', 14 * 60 + 30, zone) + 7 * SECOND;
const words: Words = createI18n({ source: cellSource }).t;

test('dates and times are plain digits at the site, whatever the machine says', () => {
  expect(formatDate(at, zone)).toBe('2026-11-22');
  expect(formatTime(at, zone)).toBe('14:30');
  expect(formatDateTime(at, zone)).toBe('2026-11-22 14:30');
  expect(formatSecond(at, zone)).toBe('14:30:07');
});

test('a moment of another day says which', () => {
  expect(formatMoment(at, at + HOUR, zone)).toBe('14:30:07');
  expect(formatMoment(at, at + 10 * HOUR, zone)).toBe('11-22 14:30:07');
  expect(formatMoment(at, at + 60 * DAY, zone)).toBe('2026-11-22 14:30:07');
  expect([formatNear(at, at, zone), formatNear(at, at - DAY, zone)]).toEqual(['14:30', '11-22 14:30']);
});

test.each([
  [0, '¥0.00'],
  [5, '¥0.05'],
  [1200, '¥12.00'],
  [-250, '−¥2.50'],
  [123456789, '¥1234567.89'],
])('%i fen are %s', (fen, text) => expect(formatMoney(fen)).toBe(text));

test('parts of a fen are a bug', () => expect(() => formatMoney(0.5)).toThrow(RangeError));

test.each([
  [-5 * SECOND, '0 秒', '0:00'],
  [42 * SECOND, '42 秒', '0:42'],
  [5 * MINUTE, '5 分', '5:00'],
  [HOUR + 2 * MINUTE + 33 * SECOND, '1 小时 2 分', '1:02:33'],
  [2 * DAY + 20 * MINUTE, '2 天', '48:20:00'],
])('a span of %i ms', (span, words_, clock) => {
  expect(formatDuration(span, words)).toBe(words_);
  expect(formatClock(span)).toBe(clock);
});

test('short spans keep the largest unit', () =>
  expect([90 * MINUTE, 90 * SECOND, 9 * SECOND, 3 * DAY].map((span) => formatShort(span, words))).toEqual(['1 小时', '1 分', '9 秒', '3 天']));
test('lists use the separator of the language', () => expect(formatList([3, 7], words)).toBe('3、7'));
