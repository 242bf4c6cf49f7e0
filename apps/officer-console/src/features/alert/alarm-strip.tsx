import type { AlertRow } from '@sallyport/contracts';
import { Ltr, Strip, useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useSiteNow } from '../../platform/site-clock';
import { useUnrecordedCalls } from '../../platform/unrecorded-calls';
import { usePlaceWords } from '../../shell/use-place-words';
import { useSession } from '../access/session';
import { useAlertTitle } from './alert-words';
import { ringingOf } from './ringing';
import { useAlarmSound } from './use-alarm-sound';
import { useOpenAlerts } from './use-open-alerts';

interface AlarmStripProps {
  readonly zone: string;
  /** Opens an alarm; absent while the console is locked. */
  readonly onOpen?: (alert: AlertRow) => void;
}

function Worst({ alert, now, zone }: { alert: AlertRow; now: number; zone: string }) {
  const { t } = useTranslation(['console', 'common']);
  const fmt = useFmt(zone);
  const titleOf = useAlertTitle();
  return (
    <>
      {titleOf(alert)} <Ltr>{fmt.clock(now - Date.parse(alert.raisedAt))}</Ltr>
      {alert.cell ? ` · ${t('common:place.cell', { cell: alert.cell })}` : ''} ·{' '}
      {alert.acknowledgedBy ? t(alert.state === 'arrived' ? 'alert.there' : 'alert.notArrived', { who: alert.acknowledgedBy }) : t('alert.nobody')}
    </>
  );
}

/** The worst line of the strip: before anything else a call that only this console knows of. */
function useWorst(zone: string, now: number) {
  const { t } = useTranslation('console');
  const placeWords = usePlaceWords();
  const { worst, failed } = useOpenAlerts();
  const [call] = useUnrecordedCalls();
  if (call) return { level: 'high' as const, text: `${call.place ? placeWords(call.place) : ''} · ${t('alert.notRecorded')}`, unacknowledged: true };
  // Without an answer nobody knows whether there are alarms: the strip may not say that there are none.
  if (!worst && failed) return { level: 'medium' as const, text: t('alert.unknown'), unacknowledged: false };
  return worst && { level: worst.level, text: <Worst alert={worst} now={now} zone={zone} />, unacknowledged: worst.state === 'calling' };
}

/** The strip over every page, also over a locked console: counts by level, the worst alarm in words, the site's clock; it sounds until somebody acknowledges. */
export function AlarmStrip({ zone, onOpen }: AlarmStripProps) {
  const { t } = useTranslation('console');
  const { counts, worst, alerts, isTold, failed } = useOpenAlerts();
  const unrecorded = useUnrecordedCalls();
  const now = useSiteNow();
  const { can } = useSession();
  const fmt = useFmt(zone);
  const shown = useWorst(zone, now);
  const sound = useAlarmSound({ ringing: ringingOf(alerts, unrecorded.length, now), mayPause: onOpen !== undefined && can('alert.acknowledge') });
  if (!isTold) {
    return (
      <header className="strip" aria-label={t('alert.heading')}>
        <span className="calm">{t('alert.notForYou')}</span>
        <span className="end">
          <b>
            <Ltr>{fmt.dateTime(now)}</Ltr>
          </b>
        </span>
      </header>
    );
  }
  return (
    <Strip
      counts={{ ...counts, high: counts.high + unrecorded.length }}
      worst={shown}
      onOpen={worst && onOpen ? () => onOpen(worst) : undefined}
      hotkey="Alt A"
      clock={fmt.dateTime(now)}
      extra={
        <>
          {failed && worst && <b>{t('alert.unknown')}</b>}
          {sound}
        </>
      }
    />
  );
}
