import {
  formatClock,
  formatDate,
  formatDateTime,
  formatDuration,
  formatList,
  formatMoment,
  formatMoney,
  formatNear,
  formatSecond,
  formatShort,
  formatTime,
} from '@sallyport/i18n';
import type { Instant } from '@sallyport/basics';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** The formatters with the site's time zone and the words of the language. Wrap their results in `<Ltr>`, except `duration`, `short` and `list`, which hold words. */
export function useFmt(zone: string) {
  const { t } = useTranslation('common');
  return useMemo(
    () => ({
      date: (at: Instant) => formatDate(at, zone),
      time: (at: Instant) => formatTime(at, zone),
      dateTime: (at: Instant) => formatDateTime(at, zone),
      second: (at: Instant) => formatSecond(at, zone),
      moment: (at: Instant, now: Instant) => formatMoment(at, now, zone),
      near: (at: Instant, now: Instant) => formatNear(at, now, zone),
      money: formatMoney,
      clock: formatClock,
      duration: (span: number) => formatDuration(span, t),
      short: (span: number) => formatShort(span, t),
      list: (items: readonly (string | number)[]) => formatList(items, t),
    }),
    [t, zone],
  );
}
