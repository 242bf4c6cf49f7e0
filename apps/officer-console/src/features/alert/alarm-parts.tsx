import { type AlertView, dutyBoard, peopleList, workQueue } from '@sallyport/contracts';
import { Ltr, Note, Panel, Tag, useFmt } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { siteNow, useSiteNow } from '../../platform/site-clock';
import { useSession } from '../access/session';
import { AnomalyFacts } from '../duty/anomaly-facts';
import { useSeatWords } from '../duty/seat-words';
import { useWorkTitle } from '../work/work-words';

/** What the screen in the cell says now: never more than a human has done (ux R16). */
function CellScreen({ state }: { state: AlertView['state'] }) {
  const { t } = useTranslation('console');
  if (state !== 'calling' && state !== 'acknowledged' && state !== 'arrived') return null;
  return (
    <p>
      {t('alert.screenShows')}: <b>{t(`alert.screen.${state}`)}</b>
    </p>
  );
}

/** What is known of an alarm: what happened, how often, and how it ended. */
export function AlarmFacts({ alert, zone }: { alert: AlertView; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return (
    <Panel title={t('alert.found')}>
      <div className="flex flex-col gap-2">
        <p>
          <Ltr>{fmt.moment(Date.parse(alert.raisedAt), siteNow())}</Ltr>
        </p>
        {alert.kind === 'emergency-call' && <CellScreen state={alert.state} />}
        {alert.count > 1 && <p>{t('alert.countSame', { n: alert.count })}</p>}
        {!alert.proved && <Note tone="amber">{t('alert.notProved')}</Note>}
        {alert.anomaly && <AnomalyFacts anomaly={alert.anomaly} zone={zone} />}
        {alert.endedBy && (
          <p>
            {alert.endedBy}: {alert.measure} · {alert.result}
          </p>
        )}
      </div>
    </Panel>
  );
}

/** Who was told last and when, who is told next, and by when somebody has to be there. */
export function AlarmTold({ alert, zone }: { alert: AlertView; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const { escalation } = alert;
  if (alert.state === 'ended' || alert.state === 'withdrawn') return null;
  return (
    <Panel title={t('alert.escalation')}>
      <div className="flex flex-col gap-2">
        {escalation.role !== '' && (
          <p>{t('alert.told', { time: fmt.moment(Date.parse(escalation.at), siteNow()), role: t(`role.${escalation.role}` as never) })}</p>
        )}
        {escalation.nextRole && escalation.nextAt && (
          <p>{t('alert.next', { time: fmt.moment(Date.parse(escalation.nextAt), siteNow()), role: t(`role.${escalation.nextRole}` as never) })}</p>
        )}
        {alert.arriveBy && alert.state === 'acknowledged' && (
          <Note tone="amber">{t('alert.arriveBy', { time: fmt.near(Date.parse(alert.arriveBy), siteNow()) })}</Note>
        )}
        {alert.reopened > 0 && <Note tone="danger">{t('alert.reopened')}</Note>}
      </div>
    </Panel>
  );
}

/** Who is on duty in the cell now, and whether they have signed: whom the officer can ask (ux R18). */
export function DutyNow({ cell, zone }: { cell: string; zone: string }) {
  const { t } = useTranslation(['console', 'common']);
  const { can } = useSession();
  const seatWords = useSeatWords(zone);
  const { data } = useQuery({ ...reading(dutyBoard), enabled: can('duty.read') });
  const board = data?.cells.find((candidate) => candidate.cell === cell);
  if (!board) return null;
  return (
    <Panel title={t('alert.dutyNow')} end={t(`board.state.${board.state}`)}>
      {board.seats.length === 0 && <p className="text-muted">{t('alert.dutyNobody')}</p>}
      <ul className="flex flex-col gap-2">
        {board.seats.map((seat) => (
          <li key={seat.personId} className="flex items-center gap-2">
            <b>
              <Ltr>{String(seat.bed).padStart(2, '0')}</Ltr>
            </b>
            {seat.maskedName}
            <span className="text-muted">{seatWords(seat, board)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Who is in the cell, with what an officer at the door has to know. */
export function CellPeople({ cell }: { cell: string }) {
  const { t } = useTranslation('console');
  const { can } = useSession();
  const { data } = useQuery({ ...reading(peopleList, {}, { cell, state: 'held' }), enabled: can('person.read') });
  if (!data) return null;
  return (
    <Panel title={t('alert.whoIsHere')} end={t('people.total', { n: data.total })}>
      <ul className="grid grid-cols-2 gap-2">
        {data.rows.map(({ id, bed, maskedName, flags, riskLevel }) => (
          <li key={id} className="flex items-center gap-2">
            <b>
              <Ltr>{String(bed ?? '').padStart(2, '0')}</Ltr>
            </b>
            {maskedName}
            {riskLevel === 1 && <Tag tone="amber">{t('people.riskLevel', { n: riskLevel })}</Tag>}
            {flags.map((flag) => (
              <Tag key={flag} tone="amber">
                {t(`flag.${flag}`)}
              </Tag>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** As many as an officer on the way to the door can take in. */
const WAITING_SHOWN = 5;

/** What else waits in this cell, for whoever is about to stand at its door (ux R18): as much as the queue shows this officer. */
export function WaitsHere({ cell, alarm, zone }: { cell: string; alarm: string | null; zone: string }) {
  const { t } = useTranslation('console');
  const { can } = useSession();
  const titleOf = useWorkTitle();
  const fmt = useFmt(zone);
  const now = useSiteNow();
  const { data } = useQuery({ ...reading(workQueue, {}, { cell, state: 'waiting', limit: WAITING_SHOWN + 1 }), enabled: can('work.read') });
  if (!data) return null;
  const others = data.rows.filter(({ id }) => id !== alarm).slice(0, WAITING_SHOWN);
  return (
    <Panel title={t('alert.waitsHere')}>
      {others.length === 0 && <p className="text-muted">{t('alert.nothingWaits')}</p>}
      <ul className="flex flex-col gap-2">
        {others.map((row) => (
          <li key={row.id}>
            <b>{t(`kind.${row.kind}`)}</b> {titleOf(row)}{' '}
            <span className="text-muted">{t('queue.waiting', { time: fmt.short(now - Date.parse(row.createdAt)) })}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
