import type { Instant } from '@sallyport/basics';
import { useEffect, useState } from 'react';

let offsetMs = 0;

/** Takes the server's reading of now; every ring and waiting time counts by it, never by this machine's clock. */
export function takeServerTime(serverTime: string): void {
  offsetMs = Date.parse(serverTime) - Date.now();
}

export function siteNow(): Instant {
  return Date.now() + offsetMs;
}

/** The site's time, read again every `stepMs`; a second by default, because the smallest thing shown is a second. */
export function useSiteNow(stepMs = 1_000): Instant {
  const [now, setNow] = useState(siteNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(siteNow()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return now;
}
