import { type Instant, must, SECOND } from '@sallyport/basics';
import type { TerminalHome } from '@sallyport/contracts';
import type { Terminal, Watched } from '@sallyport/offline';
import type { Sound } from '@sallyport/ui';
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';

/** What every screen of this terminal works with. */
export interface House {
  readonly terminal: Terminal;
  readonly sound: Sound;
  readonly build: string;
}

export const HouseContext = createContext<House | null>(null);

export function useHouse(): House {
  return must(useContext(HouseContext), 'house');
}

export function useTerminal(): Terminal {
  return useHouse().terminal;
}

export function useWatched<Value>(watched: Watched<Value>): Value {
  return useSyncExternalStore(watched.subscribe, watched.get);
}

/** The server's time, anew every `every` milliseconds. */
export function useNow(every: number = SECOND): Instant {
  const { clock } = useTerminal();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), every);
    const unwatch = clock.sampled.subscribe(() => setNow(clock.now()));
    return () => {
      clearInterval(timer);
      unwatch();
    };
  }, [clock, every]);
  return now;
}

/** What the idle screen shows, with the server's time of the reading; null before the first. */
export function useHome(): { view: TerminalHome; asOf: Instant } | null {
  return useWatched(useTerminal().home);
}

/** Until the site's policy is known. */
const FALLBACK_ZONE = 'Asia/Shanghai';

export function useZone(): string {
  return useHome()?.view.timeZone ?? FALLBACK_ZONE;
}
