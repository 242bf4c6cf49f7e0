import { type Instant, MINUTE } from '@sallyport/basics';

/** EEMUA 191 counts alarms by operator and ten minutes. */
export const LOAD_WINDOW = 10 * MINUTE;
/** A mean over this many per officer and window is more than people can attend to for long. */
const MOST_MEAN = 1;
/** So many at once are a flood. */
const FLOOD = 10;

/** When somebody who answers alarms was signed in. */
export interface Presence {
  readonly officer: string;
  readonly from: Instant;
  readonly until: Instant;
}

export interface LoadWindow {
  readonly at: Instant;
  readonly alarms: number;
  /** Who was signed in during the window and could answer; at least one, because an alarm that nobody could answer is no smaller. */
  readonly officers: number;
  readonly perOfficer: number;
}

export interface AlarmLoad {
  /** Over all windows of the period. */
  readonly mean: number;
  readonly most: number;
  readonly review: boolean;
  /** Windows in which something was raised, in order. */
  readonly windows: readonly LoadWindow[];
}

/**
 * Alarms per officer and ten minutes in the period from `from` to `until` (ALERT14). Windows are counted from `from`; the last may be shorter.
 * Source: EEMUA 191, quoted in ux R17.
 */
export function alarmLoad(raised: readonly Instant[], presences: readonly Presence[], from: Instant, until: Instant): AlarmLoad {
  const count = Math.ceil((until - from) / LOAD_WINDOW);
  if (count <= 0) return { mean: 0, most: 0, review: false, windows: [] };
  const alarms = new Map<number, number>();
  for (const at of raised.filter((one) => one >= from && one < until)) {
    const index = Math.floor((at - from) / LOAD_WINDOW);
    alarms.set(index, (alarms.get(index) ?? 0) + 1);
  }
  const windows = [...alarms]
    .sort(([a], [b]) => a - b)
    .map(([index, number]) => {
      const at = from + index * LOAD_WINDOW;
      const there = presences.filter((one) => one.from < at + LOAD_WINDOW && one.until > at).map(({ officer }) => officer);
      const officers = Math.max(1, new Set(there).size);
      return { at, alarms: number, officers, perOfficer: number / officers };
    });
  const sum = windows.reduce((total, { perOfficer }) => total + perOfficer, 0);
  const mean = sum / count;
  const most = Math.max(0, ...windows.map(({ perOfficer }) => perOfficer));
  return { mean, most, review: mean > MOST_MEAN || most >= FLOOD, windows };
}
