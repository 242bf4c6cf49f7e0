import type { BoardCell } from '@sallyport/contracts';
import { AlarmShape, EmptyState, Holder, Ltr, useFmt } from '@sallyport/ui';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-aria-components';
import { useSiteNow } from '../../platform/site-clock';
import { usePlaceWords } from '../../shell/use-place-words';
import { useSession } from '../access/session';
import { useAlertTitle } from '../alert/alert-words';
import { useOpenAlerts } from '../alert/use-open-alerts';

/** What needs a person now, worst first, and how far the change-over has come. */
export function BoardAside({ cells }: { cells: readonly BoardCell[] }) {
  const { t } = useTranslation(['console', 'common']);
  const { me } = useSession();
  const fmt = useFmt(me.timeZone);
  const now = useSiteNow();
  const titleOf = useAlertTitle();
  const placeWords = usePlaceWords();
  const { alerts } = useOpenAlerts();
  const seats = cells.filter(({ state }) => state !== 'not-planned').flatMap((cell) => cell.seats);
  const signed = seats.filter(({ signedAt }) => signedAt !== null).length;
  return (
    <aside className="board-aside flex flex-col min-h-0" aria-label={t('board.needsAction')}>
      <div className="flex items-baseline gap-2 p-4">
        <h2 className="font-bold">{t('board.needsAction')}</h2>
        <b>{alerts.length}</b>
        <span className="grow" />
        <span className="text-xs text-muted">{t('board.byLevel')}</span>
      </div>
      <div className="scroll grow">
        {alerts.length === 0 && <EmptyState icon={CircleCheck} title={t('board.allCalm')} />}
        {alerts.map((alert) => (
          <Link key={alert.id} href={`/alerts/${alert.id}`} className="board-alert">
            <AlarmShape level={alert.level} />
            <span className="grow min-w-0">
              <b>
                {alert.cell ? <Ltr>{alert.cell}</Ltr> : alert.place && placeWords(alert.place)} {titleOf(alert)}
              </b>
              <span className="block">{alert.acknowledgedBy ? <Holder kind="other" who={alert.acknowledgedBy} /> : t('alert.nobody')}</span>
            </span>
            <b>
              <Ltr>{fmt.clock(now - Date.parse(alert.raisedAt))}</Ltr>
            </b>
          </Link>
        ))}
      </div>
      <div className="p-4 flex flex-col gap-2">
        <div className="flex">
          <span className="grow">{t('board.signedCount')}</span>
          <b>{t('board.ofCount', { n: signed, of: seats.length })}</b>
        </div>
        <progress className="board-progress" max={Math.max(seats.length, 1)} value={signed} aria-label={t('board.signedCount')} />
        <span className="text-xs text-muted">{t('board.offlineNote')}</span>
      </div>
    </aside>
  );
}
