import type { Instant } from '@sallyport/basics';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { Live, type LiveState } from '../platform/live';

const LiveContext = createContext<Live | null>(null);

/** Follows the server's hints for as long as somebody is signed in. */
export function LiveProvider({ cursor, children }: { cursor: string; children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(() => new Live(client, cursor));
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

const NEVER = () => () => undefined;

/** How the console follows the house now, and since when what it shows is no longer confirmed (null while the server answers). */
export function useLive(): { readonly state: LiveState; readonly asOf: Instant | null } {
  const live = useContext(LiveContext);
  const state = useSyncExternalStore(live?.subscribe ?? NEVER, () => live?.state ?? 'starting');
  return { state, asOf: state === 'cut' ? (live?.answeredAt ?? null) : null };
}
