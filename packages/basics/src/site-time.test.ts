import { describe, expect, test } from 'vitest';
import { instantOf, siteTime } from './site-time.js';

/** What the platform itself says, slowly. */
function slowly(at: number, zone: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  return text.replace(' ', 'T');
}

function quickly(at: number, zone: string): string {
  const { date, minute } = siteTime(at, zone);
  return `${date}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

describe("the site's calendar", () => {
  test.each(['Asia/Shanghai', 'Asia/Urumqi', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns'])(
    'agrees with the platform at every moment in %s',
    (zone) => {
      for (let step = 0; step < 2_000; step += 1) {
        // Steps of some hours and odd milliseconds over five years, all changes of the clock among them.
        const at = Date.UTC(2024, 0, 1) + step * 78_912_345;
        expect(quickly(at, zone)).toBe(slowly(at, zone));
      }
    },
  );

  test('changes the minute before and after the clock is changed', () => {
    const change = Date.UTC(2026, 2, 29, 1);
    expect(quickly(change - 1, 'Europe/Berlin')).toBe('2026-03-29T01:59');
    expect(quickly(change, 'Europe/Berlin')).toBe('2026-03-29T03:00');
  });

  test('an instant of a date and minute is read back as that minute', () => {
    for (const zone of ['Asia/Shanghai', 'Europe/Berlin']) {
      for (let day = 1; day <= 28; day += 1) {
        const date = `2026-10-${String(day).padStart(2, '0')}`;
        expect(siteTime(instantOf(date, 23 * 60 + 30, zone), zone)).toMatchObject({ date, minute: 1_410 });
      }
    }
  });

  test('a time that the change skips is the moment after the gap, and long ago is read exactly', () => {
    expect(instantOf('2026-03-29', 150, 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(quickly(Date.UTC(1972, 0, 7, 0, 44, 29), 'Africa/Monrovia')).toBe('1972-01-06T23:59');
    expect(quickly(Date.UTC(1972, 0, 7, 0, 44, 30), 'Africa/Monrovia')).toBe('1972-01-07T00:44');
  });
});
