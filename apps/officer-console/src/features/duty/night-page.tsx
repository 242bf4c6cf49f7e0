import { addDays } from '@sallyport/basics';
import { type AnomalyView, dateText, nightExceptions } from '@sallyport/contracts';
import { Button, DateField, EmptyState, Ltr, Page, Skeleton, Tag, useFmt, useHotkeys } from '@sallyport/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CalendarX, ChevronLeft, ChevronRight, CircleCheck, Printer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { ApiFailure } from '../../platform/api';
import { reading } from '../../platform/queries';
import { siteNow } from '../../platform/site-clock';
import { useKeyHints } from '../../shell/frame';
import { useRefusalText } from '../../shell/use-refusal';
import { useSession } from '../access/session';
import { bedPlace } from '../person/person-words';

function Outcome({ anomaly, zone }: { anomaly: AnomalyView; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return (
    <>
      {anomaly.lateProof.map(({ person, claimedAt }) => (
        <span key={person} className="block">
          {t('anomalyHint.lateProof', { time: fmt.time(Date.parse(claimedAt)) })}
        </span>
      ))}
      {anomaly.endedBy ? (
        <span className="block">
          {anomaly.measure} · {anomaly.result} ({anomaly.endedBy})
        </span>
      ) : (
        <b className="block">{t('night.open')}</b>
      )}
    </>
  );
}

function Exceptions({ anomalies, zone }: { anomalies: readonly AnomalyView[]; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return (
    <table className="night-table">
      <thead>
        <tr>
          <th scope="col">{t('records.cell')}</th>
          <th scope="col">{t('audit.when')}</th>
          <th scope="col">{t('night.columnWhat')}</th>
          <th scope="col">{t('night.columnWho')}</th>
          <th scope="col">{t('night.columnOutcome')}</th>
        </tr>
      </thead>
      <tbody>
        {anomalies.map((anomaly) => (
          <tr key={anomaly.id}>
            <th scope="row">
              <Ltr>{anomaly.cell}</Ltr>
            </th>
            <td>
              <Ltr>{fmt.time(Date.parse(anomaly.raisedAt))}</Ltr>
            </td>
            <td>
              <b>{t(`anomaly.${anomaly.kind}`)}</b> <Tag tone={anomaly.state === 'ended' ? 'ok' : 'amber'}>{t(`anomalyState.${anomaly.state}`)}</Tag>
            </td>
            <td>
              {anomaly.people.map(({ id, bed, maskedName }) => (
                <span key={id} className="block">
                  <Ltr>{bedPlace(anomaly.cell, bed)}</Ltr> {maskedName}
                </span>
              ))}
            </td>
            <td>
              <Outcome anomaly={anomaly} zone={zone} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useNight() {
  const { me } = useSession();
  const { date } = useParams();
  const navigate = useNavigate();
  const fmt = useFmt(me.timeZone);
  const lastNight = addDays(fmt.date(siteNow()), -1);
  // An address may say anything; the arrows of a day that does not exist lead nowhere.
  const isDay = date === undefined || dateText.safeParse(date).success;
  const night = isDay ? (date ?? lastNight) : lastNight;
  return { zone: me.timeZone, fmt, night, isDay, lastNight, go: (to: string) => void navigate(`/night/${to}`) };
}

/** The exceptions of one night, ready for the morning meeting and for one sheet of paper. */
export function NightPage() {
  const { t } = useTranslation(['console', 'common']);
  const { zone, fmt, night, isDay, lastNight, go } = useNight();
  const refusalText = useRefusalText();
  const { data, error } = useQuery({ ...reading(nightExceptions, { date: night }), enabled: isDay, placeholderData: keepPreviousData });
  const print = () => window.print();
  useHotkeys([
    { keys: 'BracketLeft', run: () => go(addDays(night, -1)) },
    { keys: 'BracketRight', run: () => go(addDays(night, 1)), isDisabled: night >= lastNight },
    { keys: 'KeyP', run: print },
  ]);
  useKeyHints([
    { keys: ['[', ']'], label: t('night.date') },
    { keys: ['P'], label: t('night.print') },
    { keys: ['?'], label: t('key.help') },
  ]);
  const head = (
    <>
      <Button icon={ChevronLeft} aria-label={t('night.before')} onPress={() => go(addDays(night, -1))} />
      <div className="head-field">
        <DateField label={t('night.date')} value={night} onChange={(to) => to && go(to)} />
      </div>
      <Button icon={ChevronRight} aria-label={t('night.after')} isDisabled={night >= lastNight} onPress={() => go(addDays(night, 1))} />
      {data && (
        <Tag tone={data.unreviewed > 0 ? 'amber' : 'ok'}>{data.unreviewed > 0 ? t('night.unreviewed', { n: data.unreviewed }) : t('night.reviewed')}</Tag>
      )}
      <span className="grow" />
      <Button icon={Printer} hotkey="P" onPress={print}>
        {t('night.print')}
      </Button>
    </>
  );
  return (
    <Page title={t('night.title')} head={head}>
      <div className="scroll grow px-(--edge) pb-(--edge)">
        {!isDay && <EmptyState icon={CalendarX} title={t('night.badDate')} />}
        {error && <EmptyState title={refusalText(error instanceof ApiFailure ? error.code : 'NOT_FOUND')} />}
        {isDay && !data && !error && <Skeleton rows={8} />}
        {isDay && data && (
          <article className="panel sheet-of-paper">
            <header className="flex items-baseline gap-4 flex-wrap">
              <h2 className="text-lead font-bold">{t('night.range', { from: fmt.dateTime(Date.parse(data.from)), to: fmt.dateTime(Date.parse(data.to)) })}</h2>
              <span>{t('night.summary', { slots: data.slots, signIns: data.signIns })}</span>
            </header>
            {data.anomalies.length === 0 ? (
              <EmptyState icon={CircleCheck} title={data.slots === 0 ? t('night.noDuty') : t('night.none')} />
            ) : (
              <Exceptions anomalies={data.anomalies} zone={zone} />
            )}
            <footer className="only-print">
              <span>{t('night.signature')}</span>
              <span>{t('night.printedAt', { time: fmt.dateTime(siteNow()) })}</span>
            </footer>
          </article>
        )}
      </div>
    </Page>
  );
}
