/** Something that happened to an item or an alarm. */
export interface PastEvent {
  readonly at: string;
  readonly who: string | null;
  readonly what: string;
  readonly note: string | null;
}
export interface Repeated extends PastEvent {
  readonly count: number;
  /** When it happened the last time; `at` is the first. */
  readonly lastAt: string;
}

/** Joins the same event by the same person with the same note, one after the other, into one with a count. Nothing is moved. */
export function mergeRepeats(history: readonly PastEvent[]): Repeated[] {
  const merged: Repeated[] = [];
  for (const event of history) {
    const last = merged.at(-1);
    const isSame = last && last.what === event.what && last.who === event.who && last.note === event.note;
    if (isSame) merged[merged.length - 1] = { ...last, count: last.count + 1, lastAt: event.at };
    else merged.push({ at: event.at, who: event.who, what: event.what, note: event.note, count: 1, lastAt: event.at });
  }
  return merged;
}
