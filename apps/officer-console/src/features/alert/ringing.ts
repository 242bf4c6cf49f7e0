import type { AlertLevel, AlertRow } from '@sallyport/contracts';

type Row = Pick<AlertRow, 'id' | 'level' | 'state' | 'soundPaused'>;

/** What rings now, and whose sound somebody has paused. */
export interface RingingAlarms {
  /** The worst level that calls, paused or not. */
  readonly level: AlertLevel | null;
  /** The worst level that may be heard now. */
  readonly audible: AlertLevel | null;
  /** Alarms of the audible level, whose sound one press pauses. */
  readonly pausable: readonly string[];
  readonly pausedBy: string | null;
  /** Until the pause that ends last. */
  readonly secondsLeft: number;
}

const LEVELS: readonly AlertLevel[] = ['high', 'medium', 'low'];

/**
 * Sorts the open alarms by what is heard (ux R14). A pause is of one alarm: another one rings at once. A call that was not recorded is
 * known to this console alone; it is always high and cannot be paused. `now` is the site's time.
 */
export function ringingOf(alerts: readonly Row[], unrecorded: number, now: number): RingingAlarms {
  const calling = alerts.filter(({ state }) => state === 'calling');
  const paused = calling.flatMap(({ soundPaused }) => (soundPaused && Date.parse(soundPaused.until) > now ? [soundPaused] : []));
  const heard = calling.filter(({ soundPaused }) => !soundPaused || Date.parse(soundPaused.until) <= now);
  const worst = (rows: readonly Row[]) => (unrecorded > 0 ? 'high' : (LEVELS.find((level) => rows.some((row) => row.level === level)) ?? null));
  const last = paused.toSorted((a, b) => (a.until < b.until ? 1 : -1))[0];
  const audible = worst(heard);
  return {
    level: worst(calling),
    audible,
    pausable: heard.filter(({ level }) => level === audible).map(({ id }) => id),
    pausedBy: last?.by ?? null,
    secondsLeft: last ? Math.ceil((Date.parse(last.until) - now) / 1_000) : 0,
  };
}
