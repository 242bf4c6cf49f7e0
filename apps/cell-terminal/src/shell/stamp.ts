import { type Instant, MINUTE, siteTime } from '@sallyport/basics';
import { useFmt } from '@sallyport/ui';
import { useNow, useZone } from './terminal-context';

/** "13:58", with the date before it where that is another day: a time without its date reads as today's. */
export function useStamp(): (at: Instant) => string {
  const zone = useZone();
  const fmt = useFmt(zone);
  const today = siteTime(useNow(MINUTE), zone).date;
  return (at) => (siteTime(at, zone).date === today ? fmt.time(at) : fmt.dateTime(at));
}
