import { type WorkKind, type WorkRow, workQueue } from '@sallyport/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { reading } from '../../platform/queries';
import { type HeldOrder, holdOrder, NOTHING_HELD, revealAll } from './held-order';
import { useRowText } from './work-words';

export interface QueueFilter {
  /** Null: every kind. */
  readonly kind: WorkKind | null;
  readonly state: 'waiting' | 'done';
  /** What a row must hold, each word somewhere. */
  readonly words: string;
}

export interface HeldQueue {
  readonly rows: readonly WorkRow[];
  readonly behind: number;
  /** Rows that the words of the filter leave out. */
  readonly hidden: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly isLoading: boolean;
  readonly reveal: () => void;
}

const NO_ROWS: readonly WorkRow[] = [];

/** The queue as it is shown: fresh content in rows that keep their place. */
export function useHeldQueue({ kind, state, words }: QueueFilter): HeldQueue {
  const { data, isLoading } = useQuery(reading(workQueue, {}, { state, ...(kind && { kind }) }));
  const textOf = useRowText();
  const fresh = data?.rows ?? NO_ROWS;
  const [held, setHeld] = useState<HeldOrder>(NOTHING_HELD);
  const filterKey = `${kind ?? ''} ${state}`;
  // Another filter is another list: it takes the server's order anew.
  useEffect(() => setHeld(NOTHING_HELD), [filterKey]);
  useEffect(() => {
    if (data) setHeld((before) => holdOrder(before, fresh));
  }, [data, fresh]);
  const rows = useMemo(() => {
    const byId = new Map(fresh.map((row) => [row.id, row]));
    return held.shown.flatMap((id) => byId.get(id) ?? []);
  }, [fresh, held]);
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = wanted.length === 0 ? rows : rows.filter((row) => wanted.every((word) => textOf(row).includes(word)));
  return {
    rows: found,
    hidden: rows.length - found.length,
    behind: held.behind.length,
    counts: data?.counts ?? {},
    isLoading,
    reveal: () => setHeld(revealAll(fresh)),
  };
}
