import { siteTime } from '@sallyport/basics';
import type { OwnAnomaly } from '@sallyport/contracts';
import { useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useMonthDay } from '../../shell/month-day';
import { useZone } from '../../shell/terminal-context';

const WORDS = {
  NO_DUTY: 'mine.missed',
  SOLO_DUTY: 'mine.missed',
  LATE: 'mine.missedLate',
  LEFT_POST: 'mine.leftPost',
  SLEEPING: 'mine.sleeping',
  WRONG_PERSON: 'mine.wrongPerson',
  EXCLUDED_PERSON: 'mine.excluded',
  TERMINAL_OFFLINE: 'mine.terminal',
  ABNORMAL_REPORT: 'mine.reported',
} as const;

/** What concerns a slot as a whole is told by its start, everything else by its own time. */
const OF_SLOT = new Set<OwnAnomaly['kind']>(['NO_DUTY', 'SOLO_DUTY', 'LATE', 'TERMINAL_OFFLINE']);

/** "11 月 22 日 21:30 没有签到": what is on record. */
export function useMissedText(): (anomaly: OwnAnomaly) => string {
  const { t } = useTranslation('cell');
  const monthDay = useMonthDay();
  const zone = useZone();
  const fmt = useFmt(zone);
  return ({ kind, slot, raisedAt }) => {
    if (slot !== null && OF_SLOT.has(kind)) return t(WORDS[kind], { date: monthDay(slot), time: slot.slice(-'21:30'.length) });
    const at = Date.parse(raisedAt);
    return t(WORDS[kind], { date: monthDay(siteTime(at, zone).date), time: fmt.time(at) });
  };
}
