import { type AlertView, alertAcknowledge, alertArrive, alertDetail, alertEnd } from '@sallyport/contracts';
import { AlarmShape, Button, EmptyState, Ltr, Note, OutsideLink, Page, Panel, Skeleton, Timeline, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { Check, Footprints, Phone, Video } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { reading } from '../../platform/queries';
import { useSiteNow } from '../../platform/site-clock';
import { useAct } from '../../platform/use-act';
import { useKeyHints } from '../../shell/frame';
import { useHistory } from '../../shell/use-history';
import { usePlaceWords } from '../../shell/use-place-words';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';
import { AlarmFacts, AlarmTold, CellPeople, DutyNow, WaitsHere } from './alarm-parts';
import { useAcknowledgeLabel, useAlertTitle } from './alert-words';
import { EndForm } from './end-form';

function useAlarmActs(alert: AlertView | undefined) {
  const acknowledge = useAct(alertAcknowledge);
  const arrive = useAct(alertArrive);
  const end = useAct(alertEnd);
  const problem = [acknowledge.act, arrive.act, end.act].find((act) => act.state === 'problem');
  return {
    acknowledge: () => alert && void acknowledge.run({ alert: alert.id }),
    arrive: () => alert && void arrive.run({ alert: alert.id }),
    end: (measure: string, result: string) => alert && void end.run({ alert: alert.id, measure, result }),
    problem,
  };
}

function useAlarmDesk(alert: AlertView | undefined) {
  const { can } = useSession();
  const [ending, setEnding] = useState(false);
  const acts = useAlarmActs(alert);
  const open = alert !== undefined && alert.state !== 'ended' && can('alert.acknowledge');
  const may = {
    acknowledge: open && alert.state !== 'acknowledged' && alert.state !== 'arrived',
    arrive: open && alert.state === 'acknowledged',
    end: open && can('alert.end'),
  };
  useHotkeys([
    { keys: 'Digit1', run: acts.acknowledge, isDisabled: !may.acknowledge },
    { keys: 'Digit2', run: acts.arrive, isDisabled: !may.arrive },
    { keys: 'Digit3', run: () => setEnding(true), isDisabled: !may.end },
  ]);
  return { acts, may, open, ending, setEnding };
}

function AlarmActs({ alert, desk }: { alert: AlertView; desk: ReturnType<typeof useAlarmDesk> }) {
  const { t } = useTranslation('console');
  const { acts, may, setEnding } = desk;
  const acknowledgeLabel = useAcknowledgeLabel();
  const cell = alert.cell ?? alert.place ?? '';
  return (
    <div className="decision">
      {may.acknowledge && (
        <Button tone="danger" size="lg" icon={Check} hotkey="1" guard onPress={acts.acknowledge}>
          {acknowledgeLabel(alert)}
        </Button>
      )}
      {may.arrive && (
        <Button tone="primary" size="lg" icon={Footprints} hotkey="2" guard onPress={acts.arrive}>
          {t('alert.arriveCell', { cell })}
        </Button>
      )}
      {may.end && (
        <Button size="lg" hotkey="3" onPress={() => setEnding(true)}>
          {t('alert.end')}
        </Button>
      )}
      {alert.camera && (
        <OutsideLink href={alert.camera} icon={Video}>
          {t('alert.camera')}
        </OutsideLink>
      )}
      {alert.talk && (
        <OutsideLink href={alert.talk} icon={Phone}>
          {t('alert.talk')}
        </OutsideLink>
      )}
    </div>
  );
}

function History({ alert, zone }: { alert: AlertView; zone: string }) {
  const { t } = useTranslation('console');
  const historyOf = useHistory(zone);
  return (
    <Panel title={t('queue.history')}>
      <Timeline entries={historyOf(alert.history)} />
    </Panel>
  );
}

function Head({ alert, zone }: { alert: AlertView; zone: string }) {
  const { t } = useTranslation(['console', 'common']);
  const titleOf = useAlertTitle();
  const placeWords = usePlaceWords();
  const fmt = useFmt(zone);
  const now = useSiteNow();
  const place = alert.cell ? t('common:place.cell', { cell: alert.cell }) : alert.place && placeWords(alert.place);
  const title = titleOf({ title: alert.anomaly ? `anomaly.${alert.anomaly.kind}` : '', kind: alert.kind });
  return (
    <div className="alarm-head flex items-center gap-4 p-(--edge)">
      <AlarmShape level={alert.level} size={48} />
      <div className="grow">
        <h1 className="text-title font-bold">{[place, title].filter(Boolean).join(' · ')}</h1>
        <p>
          {t(`alert.state.${alert.state}`)}
          {alert.acknowledgedBy ? ` · ${alert.acknowledgedBy}` : ''} · {t('alert.since', { time: fmt.moment(Date.parse(alert.raisedAt), now) })}
        </p>
      </div>
      {alert.state !== 'ended' && (
        <b className="text-title">
          <Ltr>{fmt.clock(now - Date.parse(alert.raisedAt))}</Ltr>
        </b>
      )}
    </div>
  );
}

/** One alarm on one page: what, where, who is there, who has it, and the one next act. */
export function AlarmPage() {
  const { t } = useTranslation('console');
  const { alert: id = '' } = useParams();
  const { me } = useSession();
  const { data: alert, isLoading } = useQuery(reading(alertDetail, { id }));
  const desk = useAlarmDesk(alert);
  const refusalText = useRefusalText();
  useKeyHints([
    { keys: ['1'], label: t('alert.acknowledge') },
    { keys: ['2'], label: t('alert.arrive') },
    { keys: ['3'], label: t('alert.end') },
  ]);
  if (!alert) return <Page>{isLoading ? <Skeleton /> : <EmptyState title={refusalText('NOT_FOUND')} />}</Page>;
  const { acts, open, ending, setEnding } = desk;
  const end = (measure: string, result: string) => {
    setEnding(false);
    acts.end(measure, result);
  };
  return (
    <Page>
      <Head alert={alert} zone={me.timeZone} />
      {/* WCAG 2.1.1: what scrolls is reached by the keyboard, also where nothing in it can be pressed. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="scroll grow p-(--edge) grid grid-cols-2 gap-4 content-start" aria-label={t('alert.found')} tabIndex={0}>
        {acts.problem?.state === 'problem' && <Note tone="danger">{refusalText(acts.problem.code, acts.problem.details)}</Note>}
        <AlarmFacts alert={alert} zone={me.timeZone} />
        <AlarmTold alert={alert} zone={me.timeZone} />
        {alert.cell && <CellPeople cell={alert.cell} />}
        <History alert={alert} zone={me.timeZone} />
        {alert.cell && <DutyNow cell={alert.cell} zone={me.timeZone} />}
        {alert.cell && <WaitsHere cell={alert.cell} alarm={alert.workItem} zone={me.timeZone} />}
      </section>
      {open && <AlarmActs alert={alert} desk={desk} />}
      {ending && <EndForm onClose={() => setEnding(false)} onSend={end} />}
    </Page>
  );
}
