import { type AlertRow, alertAcknowledge, alertDetail, type UnrecordedCall } from '@sallyport/contracts';
import { Button, isTyping, Note, Takeover, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { reading } from '../../platform/queries';
import { useSiteNow } from '../../platform/site-clock';
import { settleUnrecordedCall, useUnrecordedCalls } from '../../platform/unrecorded-calls';
import { useAct } from '../../platform/use-act';
import { usePlaceWords } from '../../shell/use-place-words';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';
import { AlarmFacts, CellPeople, DutyNow } from './alarm-parts';
import { useAcknowledgeLabel, useAlertHeading } from './alert-words';
import { nextInFront } from './new-alarms';
import { useOpenAlerts } from './use-open-alerts';

interface InFrontProps {
  readonly alert: AlertRow;
  readonly onClose: () => void;
}

function AlarmTakeover({ alert, onClose }: InFrontProps) {
  const { t } = useTranslation(['console', 'common']);
  const { me } = useSession();
  const fmt = useFmt(me.timeZone);
  const now = useSiteNow();
  const headingOf = useAlertHeading();
  const acknowledgeLabel = useAcknowledgeLabel();
  const navigate = useNavigate();
  const refusalText = useRefusalText();
  const { data } = useQuery(reading(alertDetail, { id: alert.id }));
  const { act, run } = useAct(alertAcknowledge);
  const open = () => {
    onClose();
    void navigate(`/alerts/${alert.id}`);
  };
  const acknowledge = async () => {
    const outcome = await run({ alert: alert.id });
    if (outcome?.outcome === 'accepted') open();
  };
  useHotkeys([
    { keys: 'Digit1', run: () => void acknowledge(), inDialog: true },
    { keys: 'Digit2', run: open, inDialog: true },
  ]);
  const placeWords = usePlaceWords();
  const place = alert.cell ? t('common:place.cell', { cell: alert.cell }) : placeWords(alert.place ?? '');
  return (
    <Takeover
      isOpen
      onClose={onClose}
      level={alert.level}
      title={`${place} · ${headingOf(alert)}`}
      subtitle={t('alert.nobody')}
      clock={fmt.clock(now - Date.parse(alert.raisedAt))}
      clockLabel={t('alert.sinceLabel')}
      actions={
        <>
          <Button tone="danger" size="lg" icon={Check} hotkey="1" guard autoFocus isPending={act.state === 'sending'} onPress={() => void acknowledge()}>
            {acknowledgeLabel(alert)}
          </Button>
          <Button size="lg" hotkey="2" onPress={open}>
            {t('alert.openPage')}
          </Button>
          <Button size="lg" hotkey="Esc" onPress={onClose}>
            {t('alert.later')}
          </Button>
        </>
      }
    >
      <div>
        {act.state === 'problem' && <Note tone="danger">{refusalText(act.code, act.details)}</Note>}
        {data && <AlarmFacts alert={data} zone={me.timeZone} />}
        {alert.cell && <DutyNow cell={alert.cell} zone={me.timeZone} />}
      </div>
      <div>{alert.cell && <CellPeople cell={alert.cell} />}</div>
    </Takeover>
  );
}

/** A call that the database has not taken: nothing but somebody at the door helps, so it stays until an officer says so. */
function UnrecordedTakeover({ call }: { call: UnrecordedCall }) {
  const { t } = useTranslation('console');
  const { me } = useSession();
  const fmt = useFmt(me.timeZone);
  const now = useSiteNow();
  const placeWords = usePlaceWords();
  const where = call.place ? placeWords(call.place) : '';
  return (
    <Takeover
      isOpen
      onClose={() => undefined}
      level="high"
      title={`${where} · ${t('alert.notRecorded')}`}
      clock={fmt.clock(now - Date.parse(call.at))}
      clockLabel={t('alert.sinceLabel')}
      actions={
        <Button tone="danger" size="lg" icon={Check} guard autoFocus onPress={() => settleUnrecordedCall(call.id)}>
          {t('alert.notRecordedConfirm', { where })}
        </Button>
      }
    >
      <div>
        <Note tone="danger">{t('alert.notRecordedWhy')}</Note>
      </div>
      <div>{call.cell && <CellPeople cell={call.cell} />}</div>
    </Takeover>
  );
}

/** Brings a new high alarm in front of every page, but never over what somebody is typing: then strip and sound tell it. */
export function AlarmInFront() {
  const { can } = useSession();
  const { alerts } = useOpenAlerts();
  const [unrecorded] = useUnrecordedCalls();
  const { pathname } = useLocation();
  const shown = useRef<ReadonlySet<string>>(new Set());
  const [inFront, setInFront] = useState<string | null>(null);
  const mayAnswer = can('alert.acknowledge');
  useEffect(() => {
    const next = nextInFront(alerts, shown.current);
    shown.current = next.shown;
    for (const { id } of alerts) settleUnrecordedCall(id);
    if (next.alarm && mayAnswer && !isTyping(document.activeElement) && pathname !== `/alerts/${next.alarm.id}`) setInFront(next.alarm.id);
  }, [alerts, mayAnswer, pathname]);
  // One that somebody else has acknowledged meanwhile leaves by itself.
  const alert = alerts.find(({ id, state }) => id === inFront && state === 'calling');
  if (unrecorded) return <UnrecordedTakeover call={unrecorded} />;
  return alert && pathname !== `/alerts/${alert.id}` ? <AlarmTakeover key={alert.id} alert={alert} onClose={() => setInFront(null)} /> : null;
}
