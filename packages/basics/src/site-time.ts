import { DAY, type Instant, MINUTE } from './time.js';

/** The calendar reading of an instant at the site: `date` YYYY-MM-DD, `minute` 0..1439 since local midnight, `weekday` 1 = Monday .. 7 = Sunday. */
export interface SiteTime {
  readonly date: string;
  readonly minute: number;
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, found);
  }
  return found;
}

/** What the zone's clocks show at an instant, read as if it were UTC. */
function readWallClock(at: Instant, zone: string): number {
  const part = Object.fromEntries(
    format(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`);
}

/** Clocks are changed at whole quarters of an hour UTC, everywhere since this year (the last was Monrovia in 1972). */
const QUARTER = 15 * MINUTE;
const QUARTERS_HOLD_FROM = Date.UTC(1973, 0, 1);
/** A few years of one zone, looked at everywhere; a rule asks for hundreds of instants, most of them the same days. */
const OFFSETS_KEPT = 100_000;
const offsets = new Map<string, number>();

/** Milliseconds by which the zone's clocks are ahead of UTC. Formatting a date costs 20 µs and more, so it is done once per quarter of an hour. */
function offsetAt(at: Instant, zone: string): number {
  if (at < QUARTERS_HOLD_FROM) {
    const second = Math.floor(at / 1_000) * 1_000;
    return readWallClock(second, zone) - second;
  }
  const quarter = Math.floor(at / QUARTER) * QUARTER;
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= OFFSETS_KEPT) offsets.clear();
  const offset = readWallClock(quarter, zone) - quarter;
  offsets.set(key, offset);
  return offset;
}

/** Reads an instant on the site's calendar. `zone` is an IANA name (site policy, never the machine's). */
export function siteTime(at: Instant, zone: string): SiteTime {
  const wall = at + offsetAt(at, zone);
  const date = new Date(wall).toISOString().slice(0, 10);
  return { date, minute: Math.floor((wall - Date.parse(`${date}T00:00:00Z`)) / MINUTE), weekday: weekdayOf(date) };
}

/** 1 = Monday .. 7 = Sunday of a YYYY-MM-DD date. */
export function weekdayOf(date: string): number {
  return ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

/** The date `days` after a YYYY-MM-DD date (negative for before). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Monday of the week of a YYYY-MM-DD date. */
export function mondayOf(date: string): string {
  return addDays(date, 1 - weekdayOf(date));
}

/** The instant at which the site's clock shows `minute` on `date`. Minutes of 1440 and more fall on the following days. A time that a clock change skips resolves to the moment after the gap. */
export function instantOf(date: string, minute: number, zone: string): Instant {
  const wall = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE;
  return wall - offsetAt(wall - offsetAt(wall, zone), zone);
}

/** "HH:MM" of an instant at the site. */
export function siteClock(at: Instant, zone: string): string {
  return minuteText(siteTime(at, zone).minute);
}

/** "HH:MM" of minutes since midnight; 1440 and more wrap round. */
export function minuteText(minute: number): string {
  const within = ((minute % 1440) + 1440) % 1440;
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}
