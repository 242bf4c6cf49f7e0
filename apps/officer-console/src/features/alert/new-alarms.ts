import type { AlertRow } from '@sallyport/contracts';

/** The alarms that may come in front: high, and nobody has acknowledged them. */
export function unanswered(alerts: readonly AlertRow[]): AlertRow[] {
  return alerts.filter(({ level, state }) => level === 'high' && state === 'calling');
}

/**
 * The alarm to bring in front now, and which ones have had their turn. One that was acknowledged loses its turn,
 * so that it comes in front again when it is reopened because nobody arrived.
 */
export function nextInFront(alerts: readonly AlertRow[], shown: ReadonlySet<string>): { alarm: AlertRow | null; shown: ReadonlySet<string> } {
  const waiting = unanswered(alerts);
  const alarm = waiting.find(({ id }) => !shown.has(id)) ?? null;
  return { alarm, shown: new Set(waiting.map(({ id }) => id)) };
}
