import type { WorkRow } from '@sallyport/contracts';

/** What the list shows, in the order it keeps, and what waits behind the bar of new requests. */
export interface HeldOrder {
  readonly shown: readonly string[];
  readonly behind: readonly string[];
}

export const NOTHING_HELD: HeldOrder = { shown: [], behind: [] };

/**
 * Folds a fresh reading into the list without moving anything under the pointer (ux R1): rows keep their place,
 * gone rows leave, new rows collect behind the bar, and only an emergency jumps in, on top. An empty list takes the fresh order as it is.
 */
export function holdOrder(held: HeldOrder, fresh: readonly Pick<WorkRow, 'id' | 'priority'>[]): HeldOrder {
  const present = new Set(fresh.map(({ id }) => id));
  const kept = held.shown.filter((id) => present.has(id));
  if (kept.length === 0 && held.behind.length === 0) return { shown: fresh.map(({ id }) => id), behind: [] };
  const known = new Set(kept);
  const fresher = fresh.filter(({ id }) => !known.has(id));
  const emergencies = fresher.filter(({ priority }) => priority === 'emergency').map(({ id }) => id);
  const others = fresher.filter(({ priority }) => priority !== 'emergency').map(({ id }) => id);
  return { shown: [...emergencies, ...kept], behind: others };
}

/** Brings what waits behind the bar into the list, in the server's order. */
export function revealAll(fresh: readonly Pick<WorkRow, 'id'>[]): HeldOrder {
  return { shown: fresh.map(({ id }) => id), behind: [] };
}

/** The row to open after `id` left the list: the one that took its place, else the last (ux R5). */
export function nextAfter(shown: readonly string[], id: string): string | null {
  const index = shown.indexOf(id);
  const rest = shown.filter((other) => other !== id);
  return rest[Math.min(Math.max(index, 0), rest.length - 1)] ?? null;
}
