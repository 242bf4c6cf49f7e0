import { addDays } from '@sallyport/basics';
import { dutyAnomalies, dutyRecords, type ResponseOf } from '@sallyport/contracts';
import { Button, type Column, Dialog, EmptyState, Ltr, Page, Skeleton, Table, Tabs, Tag, useFmt } from '@sallyport/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { siteNow } from '../../platform/site-clock';
import { useKeyHints } from '../../shell/frame';
import { PageButtons, usePages } from '../../shell/pages-of';
import { useSession } from '../access/session';
import { AnomalyFacts } from '../duty/anomaly-facts';
import { bedPlace } from '../person/person-words';
import { AlarmLoad } from './alarm-load';
import { Filters, NO_FILTER, type Filter, searchOf } from './record-filters';

type SignIn = ResponseOf<typeof dutyRecords>['rows'][number];
type Anomaly = ResponseOf<typeof dutyAnomalies>['rows'][number];

const PAGE_ROWS = 100;
const SEAT_TONES = { 'on-time': 'ok', late: 'amber', 'late-proved': 'amber', absent: 'danger', excused: 'cyan', waiting: 'line' } as const;
const KNOWN_PROOFS = ['pin', 'passkey', 'bridge'] as const;

function useSignInColumns(zone: string): Column<SignIn>[] {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const proofWords = (proof: string) => {
    const known = KNOWN_PROOFS.find((kind) => kind === proof);
    return known ? t(`records.proofKind.${known}`) : proof;
  };
  return [
    { id: 'place', label: t('records.cell'), rowHeader: true, cell: (row) => <Ltr>{bedPlace(row.cell, row.bed)}</Ltr> },
    { id: 'person', label: t('people.name'), cell: (row) => row.maskedName },
    { id: 'number', label: t('people.number'), cell: (row) => <Ltr>{row.number}</Ltr> },
    { id: 'slot', label: t('records.slot'), cell: (row) => <Ltr>{row.slot.replace('T', ' ')}</Ltr> },
    { id: 'state', label: t('records.state'), cell: (row) => <Tag tone={SEAT_TONES[row.state]}>{t(`records.seat.${row.state}`)}</Tag> },
    {
      id: 'claimed',
      label: t('records.claimedAt'),
      cell: (row) => (
        <>
          <Ltr>{fmt.second(Date.parse(row.claimedAt))}</Ltr>
          {row.skewSeconds !== null && <span className="block text-xs text-muted">{t('records.skew', { s: Math.round(row.skewSeconds) })}</span>}
        </>
      ),
    },
    { id: 'corrected', label: t('records.correctedAt'), cell: (row) => <Ltr>{fmt.second(Date.parse(row.correctedAt))}</Ltr> },
    { id: 'received', label: t('records.receivedAt'), cell: (row) => <Ltr>{fmt.second(Date.parse(row.receivedAt))}</Ltr> },
    { id: 'proof', label: t('records.proof'), cell: (row) => proofWords(row.proof) },
  ];
}

function useAnomalyColumns(zone: string): Column<Anomaly>[] {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return [
    { id: 'when', label: t('audit.when'), cell: (row) => <Ltr>{fmt.dateTime(Date.parse(row.raisedAt))}</Ltr> },
    { id: 'kind', label: t('records.kind'), rowHeader: true, cell: (row) => <b>{t(`anomaly.${row.kind}`)}</b> },
    { id: 'cell', label: t('records.cell'), cell: (row) => <Ltr>{row.cell}</Ltr> },
    { id: 'slot', label: t('records.slot'), cell: (row) => <Ltr>{row.slot?.replace('T', ' ') ?? ''}</Ltr> },
    {
      id: 'people',
      label: t('people.name'),
      cell: (row) => row.people.map(({ bed, maskedName }) => `${String(bed ?? '–').padStart(2, '0')} ${maskedName}`).join(' · '),
    },
    {
      id: 'state',
      label: t('records.state'),
      cell: (row) => <Tag tone={row.state === 'ended' ? 'ok' : row.state === 'open' ? 'danger' : 'amber'}>{t(`anomalyState.${row.state}`)}</Tag>,
    },
    { id: 'result', label: t('alert.result'), cell: (row) => (row.endedBy ? `${row.measure} · ${row.result}` : '') },
  ];
}

function SignIns({ filter, zone }: { filter: Filter; zone: string }) {
  const { t } = useTranslation('console');
  const { anomaly: _anomaly, ...search } = searchOf(filter);
  const pages = usePages(JSON.stringify(search));
  const { data } = useQuery({ ...reading(dutyRecords, {}, { ...search, limit: PAGE_ROWS, cursor: pages.cursor }), placeholderData: keepPreviousData });
  const columns = useSignInColumns(zone);
  if (!data) return <Skeleton rows={8} />;
  return (
    <>
      <Table aria-label={t('records.signIns')} columns={columns} rows={data.rows} rowId={({ id }) => id} empty={<EmptyState title={t('records.none')} />} />
      <PageButtons pages={pages} next={data.nextCursor} />
    </>
  );
}

function Anomalies({ filter, zone }: { filter: Filter; zone: string }) {
  const { t } = useTranslation(['console', 'common']);
  const search = searchOf(filter);
  const pages = usePages(JSON.stringify(search));
  const { data } = useQuery({ ...reading(dutyAnomalies, {}, { ...search, limit: PAGE_ROWS, cursor: pages.cursor }), placeholderData: keepPreviousData });
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useAnomalyColumns(zone);
  if (!data) return <Skeleton rows={8} />;
  const anomaly = data.rows.find(({ id }) => id === opened);
  return (
    <>
      <Table
        aria-label={t('records.anomalies')}
        columns={columns}
        rows={data.rows}
        rowId={({ id }) => id}
        onOpen={setOpened}
        empty={<EmptyState title={t('records.none')} />}
      />
      <PageButtons pages={pages} next={data.nextCursor} />
      {anomaly && (
        <Dialog
          isOpen
          onClose={() => setOpened(null)}
          title={`${anomaly.cell} · ${t(`anomaly.${anomaly.kind}`)}`}
          actions={<Button onPress={() => setOpened(null)}>{t('common:action.close')}</Button>}
        >
          <AnomalyFacts anomaly={anomaly} zone={zone} />
        </Dialog>
      )}
    </>
  );
}

/** The week up to now is what most questions are about. */
const DAYS_BACK = -6;

/** Sign-ins and anomalies of any time, found by date, cell, slot, person and kind. */
export function RecordsPage() {
  const { t } = useTranslation('console');
  const { me } = useSession();
  const fmt = useFmt(me.timeZone);
  const [what, setWhat] = useState('sign-ins');
  const [filter, setFilter] = useState<Filter>(() => {
    const today = fmt.date(siteNow());
    return { ...NO_FILTER, from: addDays(today, DAYS_BACK), to: today };
  });
  useKeyHints([
    { keys: ['Tab'], label: t('key.move') },
    { keys: ['Enter'], label: t('key.open') },
    { keys: ['?'], label: t('key.help') },
  ]);
  const tabs = [
    { id: 'sign-ins', label: t('records.signIns') },
    { id: 'anomalies', label: t('records.anomalies') },
    { id: 'load', label: t('load.title') },
  ];
  return (
    <Page title={t('records.title')} head={<Tabs aria-label={t('queue.filter')} items={tabs} selected={what} onChange={setWhat} />}>
      <Filters filter={filter} withKind={what === 'anomalies'} set={(part) => setFilter((before) => ({ ...before, ...part }))} />
      <div className="page-table">
        <div className="panel">
          {what === 'sign-ins' && <SignIns filter={filter} zone={me.timeZone} />}
          {what === 'anomalies' && <Anomalies filter={filter} zone={me.timeZone} />}
          {what === 'load' && <AlarmLoad filter={filter} zone={me.timeZone} />}
        </div>
      </div>
    </Page>
  );
}
