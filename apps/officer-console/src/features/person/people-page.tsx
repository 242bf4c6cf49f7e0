import { peopleList, type ResponseOf } from '@sallyport/contracts';
import { Button, EmptyState, Ltr, Page, Skeleton, Table, Tabs, Tag, TextField } from '@sallyport/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FileUp, UserPlus } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { reading } from '../../platform/queries';
import { useKeyHints } from '../../shell/frame';
import { PageButtons, usePages } from '../../shell/pages-of';
import { useSession } from '../access/session';
import { AdmitDialog } from './admit-dialog';
import { ImportDialog } from './import-dialog';
import { PersonDialog } from './person-dialog';

type PersonRow = ResponseOf<typeof peopleList>['rows'][number];

function useColumns() {
  const { t } = useTranslation('console');
  return [
    {
      id: 'place',
      label: t('people.cell'),
      cell: (row: PersonRow) => <b>{row.cell ? <Ltr>{`${row.cell}-${String(row.bed ?? '').padStart(2, '0')}`}</Ltr> : t('people.released')}</b>,
    },
    { id: 'number', label: t('people.number'), cell: (row: PersonRow) => <Ltr>{row.number}</Ltr>, rowHeader: true },
    { id: 'name', label: t('people.name'), cell: (row: PersonRow) => row.maskedName },
    { id: 'admitted', label: t('people.admittedOn'), cell: (row: PersonRow) => <Ltr>{row.admittedOn}</Ltr> },
    {
      id: 'state',
      label: t('people.flags'),
      cell: (row: PersonRow) => (
        <span className="flex gap-1 flex-wrap">
          {row.out && <Tag tone="cyan">{t('people.out', { why: t(`absence.${row.out.reason}`) })}</Tag>}
          {row.riskLevel !== null && <Tag tone={row.riskLevel === 1 ? 'amber' : 'line'}>{t('people.riskLevel', { n: row.riskLevel })}</Tag>}
          {row.flags.map((flag) => (
            <Tag key={flag} tone="amber">
              {t(`flag.${flag}`)}
            </Tag>
          ))}
          {row.pinLocked && <Tag tone="danger">{t('people.pinLocked')}</Tag>}
        </span>
      ),
    },
  ];
}

/** What one screen of the console holds without scrolling far. */
const PAGE_ROWS = 100;

type Opened = { readonly what: 'admit' } | { readonly what: 'import' } | { readonly what: 'person'; readonly id: string } | null;

function Dialogs({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  if (opened?.what === 'admit') return <AdmitDialog onClose={onClose} />;
  if (opened?.what === 'import') return <ImportDialog onClose={onClose} />;
  return opened?.what === 'person' ? <PersonDialog key={opened.id} id={opened.id} onClose={onClose} /> : null;
}

interface HeadProps {
  readonly state: 'held' | 'released';
  readonly total: number | undefined;
  readonly onState: (state: 'held' | 'released') => void;
  readonly onOpen: (opened: Opened) => void;
}

function Head({ state, total, onState, onOpen }: HeadProps) {
  const { t } = useTranslation('console');
  const { can } = useSession();
  return (
    <>
      <Tabs
        aria-label={t('queue.filter')}
        selected={state}
        onChange={(id) => onState(id === 'released' ? 'released' : 'held')}
        items={[
          { id: 'held', label: t('people.held'), ...(state === 'held' ? { count: total } : {}) },
          { id: 'released', label: t('people.released') },
        ]}
      />
      <span className="grow" />
      {can('person.admit') && (
        <>
          <Button icon={UserPlus} onPress={() => onOpen({ what: 'admit' })}>
            {t('people.admit')}
          </Button>
          <Button icon={FileUp} onPress={() => onOpen({ what: 'import' })}>
            {t('import.title')}
          </Button>
        </>
      )}
    </>
  );
}

/** The people of the officer's blocks: found by number, bed or name, with every act from one dialog. */
export function PeoplePage() {
  const { t } = useTranslation(['console', 'common']);
  const [params] = useSearchParams();
  const cell = params.get('cell') ?? undefined;
  const person = params.get('person');
  const [text, setText] = useState('');
  const [state, setState] = useState<'held' | 'released'>('held');
  const [opened, setOpened] = useState<Opened>(null);
  const search = useDeferredValue(text.trim());
  const pages = usePages(`${state} ${cell ?? ''} ${search}`);
  // The palette can open another person while this page is open.
  useEffect(() => {
    if (person) setOpened({ what: 'person', id: person });
  }, [person]);
  const { data, isLoading } = useQuery({
    ...reading(peopleList, {}, { state, limit: PAGE_ROWS, cell, text: search, cursor: pages.cursor }),
    placeholderData: keepPreviousData,
  });
  const columns = useColumns();
  useKeyHints([
    { keys: ['Tab'], label: t('key.move') },
    { keys: ['Enter'], label: t('key.open') },
    { keys: ['Ctrl', 'K'], label: t('key.palette') },
    { keys: ['?'], label: t('key.help') },
  ]);
  return (
    <Page
      title={cell ? `${t('people.title')} · ${t('board.cell', { cell })}` : t('people.title')}
      head={<Head state={state} total={data?.total} onState={setState} onOpen={setOpened} />}
    >
      <div className="px-(--edge) pb-3 flex items-end gap-4">
        <TextField label={t('people.search')} value={text} onChange={setText} maxLength={60} type="search" />
        <span className="text-muted text-sm">{data && t('people.total', { n: data.total })}</span>
      </div>
      <div className="page-table">
        <div className="panel">
          {isLoading ? (
            <Skeleton rows={8} />
          ) : (
            <Table
              aria-label={t('people.title')}
              columns={columns}
              rows={data?.rows ?? []}
              rowId={({ id }) => id}
              onOpen={(id) => setOpened({ what: 'person', id })}
              empty={<EmptyState title={t('people.none')} />}
            />
          )}
          {data && <PageButtons pages={pages} next={data.nextCursor} />}
        </div>
      </div>
      <Dialogs opened={opened} onClose={() => setOpened(null)} />
    </Page>
  );
}
