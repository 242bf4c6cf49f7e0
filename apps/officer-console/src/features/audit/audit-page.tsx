import { type AuditRecordView, auditRecords } from '@sallyport/contracts';
import { type Column, EmptyState, Ltr, Page, Skeleton, Table, Tag, useFmt } from '@sallyport/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { siteNow } from '../../platform/site-clock';
import { useKeyHints } from '../../shell/frame';
import { PageButtons, usePages } from '../../shell/pages-of';
import { useSession } from '../access/session';
import { Filters, NO_FILTER, type Filter, searchOf } from './audit-filters';
import { CheckpointPanel } from './checkpoint-panel';
import { RecordPanel } from './record-panel';
import { useAuditWords } from './use-audit-words';

const OUTCOME_TONES = { accepted: 'ok', refused: 'amber', parked: 'cyan', failed: 'danger' } as const;
const PAGE_ROWS = 100;
/** Looking is itself written down, so a filter is asked once when the typing rests, not at every letter. */
const TYPING_RESTS_MS = 600;

function useRested<Value>(value: Value): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), TYPING_RESTS_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

function useColumns(zone: string): Column<AuditRecordView>[] {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const words = useAuditWords();
  return [
    {
      id: 'when',
      label: t('audit.when'),
      cell: (row) => <Ltr>{`${fmt.date(Date.parse(row.at)).slice(5)} ${fmt.second(Date.parse(row.at))}`}</Ltr>,
    },
    {
      id: 'who',
      label: t('audit.who'),
      cell: (row) => row.actor && (row.actor.name ?? `${t(`audit.actorKind.${row.actor.kind}`)} ${row.actor.id?.slice(-6) ?? ''}`),
    },
    { id: 'what', label: t('audit.what'), rowHeader: true, cell: (row) => <b>{words.action(row.action)}</b> },
    { id: 'where', label: t('audit.where'), cell: (row) => <Ltr>{row.cell ?? row.block ?? ''}</Ltr> },
    {
      id: 'outcome',
      label: t('audit.outcome'),
      cell: (row) => row.outcome && <Tag tone={OUTCOME_TONES[row.outcome]}>{t(`audit.outcomes.${row.outcome}`)}</Tag>,
    },
    {
      id: 'why',
      label: t('audit.why'),
      cell: (row) => row.reason && words.reason(row.reason),
    },
  ];
}

/** The audit: every act and every sensitive view, with the signed checkpoint and a proof of each record. */
export function AuditPage() {
  const { t } = useTranslation('console');
  const { me } = useSession();
  const fmt = useFmt(me.timeZone);
  const [filter, setFilter] = useState<Filter>(() => ({ ...NO_FILTER, from: fmt.date(siteNow()), to: fmt.date(siteNow()) }));
  const search = searchOf(useRested(filter), me.timeZone);
  const pages = usePages(JSON.stringify(search));
  const { data } = useQuery({ ...reading(auditRecords, {}, { ...search, limit: PAGE_ROWS, cursor: pages.cursor }), placeholderData: keepPreviousData });
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useColumns(me.timeZone);
  useKeyHints([
    { keys: ['Tab'], label: t('key.move') },
    { keys: ['Enter'], label: t('key.open') },
    { keys: ['?'], label: t('key.help') },
  ]);
  const record = data?.rows.find(({ id }) => id === opened);
  return (
    <Page title={t('audit.title')}>
      <Filters filter={filter} set={(part) => setFilter((before) => ({ ...before, ...part }))} />
      <div className="with-aside grow min-h-0">
        <div className="scroll">
          <div className="panel">
            {!data && <Skeleton rows={8} />}
            {data && (
              <Table
                aria-label={t('audit.title')}
                columns={columns}
                rows={data.rows}
                rowId={({ id }) => id}
                onOpen={setOpened}
                empty={<EmptyState title={t('audit.none')} />}
              />
            )}
            {data && <PageButtons pages={pages} next={data.nextCursor} />}
          </div>
        </div>
        <aside className="scroll flex flex-col gap-4" aria-label={t('audit.checkpoint')}>
          {record && <RecordPanel key={record.id} record={record} zone={me.timeZone} />}
          <CheckpointPanel zone={me.timeZone} />
        </aside>
      </div>
    </Page>
  );
}
