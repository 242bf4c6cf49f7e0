import { addDays, siteTime } from '@sallyport/basics';
import { Ltr, Press, useFmt, useTextSize } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHome, useNow, useZone } from '../../shell/terminal-context';
import { useSeatText } from './seat-text';
import { runningSlot, slotsOfDate } from './slots';

/** Twelve slots of two hours fit on one page; shorter slots or larger text need a second. */
const PER_PAGE = 12;
const PER_LARGE_PAGE = 6;

/** Who is on duty today and tomorrow, by beds: no names on a shared screen. */
export function Roster() {
  const { t } = useTranslation('cell');
  const home = useHome();
  const zone = useZone();
  const now = useNow(10_000);
  const fmt = useFmt(zone);
  const seat = useSeatText();
  const [days, setDays] = useState(0);
  const [page, setPage] = useState(0);
  const perPage = useTextSize().large ? PER_LARGE_PAGE : PER_PAGE;
  if (home === null) return null;
  const date = addDays(siteTime(now, zone).date, days);
  const slots = slotsOfDate(home.view, date);
  const running = runningSlot(home.view, now)?.slot;
  const pages = Math.ceil(slots.length / perPage);
  return (
    <div className="roster-page">
      <div className="roster-head">
        <h1>
          {t('roster.title')} <Ltr>{date}</Ltr>
        </h1>
        {pages > 1 && (
          <Press onPress={() => setPage((page + 1) % pages)}>
            <Ltr>
              {page + 1} / {pages}
            </Ltr>
          </Press>
        )}
        <Press
          onPress={() => {
            setDays(1 - days);
            setPage(0);
          }}
        >
          {days === 0 ? t('roster.tomorrow') : t('roster.today')}
        </Press>
      </div>
      {slots.length === 0 ? (
        <p className="text-lead">{t('roster.none')}</p>
      ) : (
        <ol className="roster" aria-label={t('roster.title')}>
          {slots.slice(page * perPage, (page + 1) * perPage).map((slot) => (
            <li key={slot.slot} data-current={slot.slot === running ? '' : undefined}>
              <span className="text-muted">
                <Ltr>{seat.hours(slot)}</Ltr>
              </span>
              <b>{slot.seats.length === 0 ? '—' : t('duty.beds', { beds: fmt.list(slot.seats.map(({ bed }) => bed)) })}</b>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
