import { MINUTE, type Random, SECOND, fraction } from '@sallyport/basics';

const BASE = SECOND;
const CAP = MINUTE;
/** An emergency call never waits longer than this for the next attempt. */
export const URGENT_CAP = 3 * SECOND;
/** A `Retry-After` longer than this is cut: a mistake of the server must not silence a cell for a day. */
const RETRY_AFTER_CAP = 10 * MINUTE;

/** Full jitter: anything between nothing and the doubled limit, so that terminals that lost the server together do not return together. */
export function backoffMs(failures: number, random: Random): number {
  return Math.round(fraction(random) * Math.min(CAP, BASE * 2 ** Math.min(failures, 16)));
}

/** `Retry-After` in milliseconds (seconds or HTTP date), or null. */
export function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * SECOND : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), RETRY_AFTER_CAP) : null;
}

/** `ms` more or less by a fifth. */
export function jittered(ms: number, random: Random): number {
  return Math.round(ms * (0.8 + 0.4 * fraction(random)));
}
