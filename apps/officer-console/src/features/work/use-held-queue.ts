import { type WorkRow, workQueue } from '@sallyport/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { reading } from '../../platform/queries';
import { type HeldOrder, holdOrder, NOTHING_HELD, revealAll } from './held-order';

export interface QueueFilter {
  readonly kind?: string;
  readonly state: 'waiting' | 'done';
}

export interface HeldQueue {
  readonly rows: readonly WorkRow[];
  readonly behind: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly isLoading: boolean;
  readonly reveal: () => void;
}

const NO_ROWS: readonly WorkRow[] = [];

/** The queue as it is shown: fresh content in rows that keep their place. */
export function useHeldQueue(filter: QueueFilter): HeldQueue {
  const { data, isLoading } = useQuery(reading(workQueue, {}, { ...filter }));
  const fresh = data?.rows ?? NO_ROWS;
  const [held, setHeld] = useState<HeldOrder>(NOTHING_HELD);
  const filterKey = `${filter.kind ?? ''} ${filter.state}`;
  // Another filter is another list: it takes the server's order anew.
  useEffect(() => setHeld(NOTHING_HELD), [filterKey]);
  useEffect(() => {
    if (data) setHeld((before) => holdOrder(before, fresh));
  }, [data, fresh]);
  const rows = useMemo(() => {
    const byId = new Map(fresh.map((row) => [row.id, row]));
    return held.shown.flatMap((id) => byId.get(id) ?? []);
  }, [fresh, held]);
  return { rows, behind: held.behind.length, counts: data?.counts ?? {}, isLoading, reveal: () => setHeld(revealAll(fresh)) };
}
