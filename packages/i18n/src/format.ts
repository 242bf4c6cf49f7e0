import { DAY, HOUR, type Instant, MINUTE, SECOND, siteClock, siteTime } from '@sallyport/basics';

/*
 * Own formatters: Chromium has no locale data for several of our languages and would print English AM/PM silently.
 * Latin digits, Gregorian dates, 24 hours everywhere. Show the results inside <bdi dir="ltr">, so that right-to-left text does not turn them round.
 */

/** The words that a duration or a list needs; `t` of the common namespace fits. */
export type Words = (key: 'time.days' | 'time.hours' | 'time.minutes' | 'time.seconds' | 'list.separator', values: { n: number }) => string;

/** "2026-11-22" at the site. */
export function formatDate(at: Instant, zone: string): string {
  return siteTime(at, zone).date;
}

/** "14:30" at the site. */
export function formatTime(at: Instant, zone: string): string {
  return siteClock(at, zone);
}

/** "2026-11-22 14:30" at the site. */
export function formatDateTime(at: Instant, zone: string): string {
  return `${formatDate(at, zone)} ${formatTime(at, zone)}`;
}

/** "14:30:07" at the site; for the moment of a call. */
export function formatSecond(at: Instant, zone: string): string {
  const seconds = Math.floor(at / SECOND) % 60;
  return `${formatTime(at, zone)}:${String(seconds).padStart(2, '0')}`;
}

/** "14:30" at the site when it is the same day as `now` there, else with its day: "11-23 14:30". For what lies near: deadlines, answers. */
export function formatNear(at: Instant, now: Instant, zone: string): string {
  const time = formatTime(at, zone);
  const date = formatDate(at, zone);
  return date === formatDate(now, zone) ? time : `${date.slice(5)} ${time}`;
}

/** "14:30:07" at the site when it is the same day as `now` there, else with its day: "11-21 14:30:07", or with its year when that differs. */
export function formatMoment(at: Instant, now: Instant, zone: string): string {
  const [date, today] = [formatDate(at, zone), formatDate(now, zone)];
  if (date === today) return formatSecond(at, zone);
  return `${date.slice(0, 4) === today.slice(0, 4) ? date.slice(5) : date} ${formatSecond(at, zone)}`;
}

/** "¥12.00" from whole fen; a minus sign, not a hyphen, before a debt. Throws on parts of a fen. */
export function formatMoney(fen: number): string {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`not whole fen: ${fen}`);
  const amount = Math.abs(fen);
  const yuan = Math.floor(amount / 100);
  return `${fen < 0 ? '−' : ''}¥${yuan}.${String(amount % 100).padStart(2, '0')}`;
}

/** "0:42", "13:05", "1:02:33": a running clock of a span in milliseconds, whole seconds, never negative. */
export function formatClock(span: number): string {
  const seconds = Math.max(0, Math.floor(span / SECOND));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, '0')];
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** The two largest units of a span in milliseconds: "2 小时 5 分", "40 秒". Negative spans count as nothing. */
export function formatDuration(span: number, words: Words): string {
  const rest = Math.max(0, span);
  const units = [
    ['time.days', Math.floor(rest / DAY)],
    ['time.hours', Math.floor(rest / HOUR) % 24],
    ['time.minutes', Math.floor(rest / MINUTE) % 60],
    ['time.seconds', Math.floor(rest / SECOND) % 60],
  ] as const;
  const first = units.findIndex(([, n]) => n > 0);
  if (first < 0) return words('time.seconds', { n: 0 });
  const shown = units.slice(first, first + 2).filter(([, n]) => n > 0);
  return shown.map(([key, n]) => words(key, { n })).join(' ');
}

/** The largest unit only: "5 分", "2 小时"; for a ring or a row with little room. */
export function formatShort(span: number, words: Words): string {
  const rest = Math.max(0, span);
  if (rest >= DAY) return words('time.days', { n: Math.floor(rest / DAY) });
  if (rest >= HOUR) return words('time.hours', { n: Math.floor(rest / HOUR) });
  if (rest >= MINUTE) return words('time.minutes', { n: Math.floor(rest / MINUTE) });
  return words('time.seconds', { n: Math.floor(rest / SECOND) });
}

/** "3、7" or "3, 7". */
export function formatList(items: readonly (string | number)[], words: Words): string {
  return items.join(words('list.separator', { n: items.length }));
}
