import { readerList, type ReaderView } from '@sallyport/contracts';
import { Button, Checkbox, type Column, EmptyState, Ltr, Skeleton, Table, Tag, useFmt } from '@sallyport/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { PageButtons, usePages } from '../../shell/pages-of';
import { usePlaceWords } from '../../shell/use-place-words';
import { RenameReader, RevokeReader } from './reader-forms';

const PAGE_ROWS = 100;

function useColumns(): Column<ReaderView>[] {
  const { t } = useTranslation('console');
  const placeWords = usePlaceWords();
  return [
    { id: 'place', label: t('device.place'), rowHeader: true, cell: (row) => <b>{placeWords(row.place)}</b> },
    { id: 'name', label: t('reader.name'), cell: (row) => row.name },
    { id: 'kind', label: t('reader.kindLabel'), cell: (row) => t(`reader.kind.${row.reader}`) },
    {
      id: 'state',
      label: t('device.stateColumn'),
      cell: (row) => <Tag tone={row.revokedAt ? 'line' : 'ok'}>{t(row.revokedAt ? 'device.state.revoked' : 'device.state.active')}</Tag>,
    },
    { id: 'key', label: t('device.key'), cell: (row) => <Ltr>{`${row.id.slice(0, 10)}…`}</Ltr> },
  ];
}

function Fact({ label, children }: { label: string; children: string }) {
  return (
    <div>
      <dt className="text-muted">{label}</dt>
      <dd className="break-all">{children}</dd>
    </div>
  );
}

function Opened({ reader, zone, mayManage }: { reader: ReaderView; zone: string; mayManage: boolean }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const placeWords = usePlaceWords();
  const [act, setAct] = useState<'rename' | 'revoke' | null>(null);
  const done = () => setAct(null);
  const moment = (at: string, by: string | null) => `${fmt.dateTime(Date.parse(at))} ${by ?? ''}`;
  return (
    <section className="flex flex-col gap-4 p-4">
      <h2 className="text-lead font-bold">
        {placeWords(reader.place)} · {reader.name}
      </h2>
      <dl className="flex flex-col gap-2 text-sm">
        <Fact label={t('reader.kindLabel')}>{t(`reader.kind.${reader.reader}`)}</Fact>
        <Fact label={t('device.key')}>{reader.id}</Fact>
        <Fact label={t('device.enrolledAt')}>{moment(reader.registeredAt, reader.registeredBy)}</Fact>
        {reader.revokedAt && <Fact label={t('reader.revokedAt')}>{moment(reader.revokedAt, reader.revokedBy)}</Fact>}
      </dl>
      {mayManage && !reader.revokedAt && act === null && (
        <div className="flex gap-2 flex-wrap">
          <Button onPress={() => setAct('rename')}>{t('reader.rename')}</Button>
          <Button tone="danger-quiet" onPress={() => setAct('revoke')}>
            {t('reader.revoke')}
          </Button>
        </div>
      )}
      {act === 'rename' && <RenameReader reader={reader} onDone={done} />}
      {act === 'revoke' && <RevokeReader reader={reader} onDone={done} />}
    </section>
  );
}

/** The readers beside the terminals: who vouches for people at which place, with their names and their end. */
export function Readers({ zone, mayManage }: { zone: string; mayManage: boolean }) {
  const { t } = useTranslation('console');
  const [withEnded, setWithEnded] = useState(false);
  const ended = withEnded ? 'yes' : 'no';
  const pages = usePages(ended);
  const { data } = useQuery({ ...reading(readerList, {}, { ended, limit: PAGE_ROWS, cursor: pages.cursor }), placeholderData: keepPreviousData });
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useColumns();
  const reader = data?.rows.find(({ id }) => id === opened);
  return (
    <div className="with-aside grow min-h-0">
      <div className="scroll flex flex-col gap-4">
        <Checkbox isSelected={withEnded} onChange={setWithEnded}>
          {t('reader.withEnded')}
        </Checkbox>
        {!data && <Skeleton rows={6} />}
        {data && (
          <div className="panel">
            <Table
              aria-label={t('reader.title')}
              columns={columns}
              rows={data.rows}
              rowId={({ id }) => id}
              onOpen={setOpened}
              empty={<EmptyState icon={Fingerprint} title={t('reader.none')} next={t('reader.noneNext')} />}
            />
            <PageButtons pages={pages} next={data.nextCursor} />
          </div>
        )}
      </div>
      <aside className="panel side-panel" aria-label={t('reader.title')}>
        <div className="scroll grow">
          {reader ? (
            <Opened key={`${reader.id} ${reader.version}`} reader={reader} zone={zone} mayManage={mayManage} />
          ) : (
            <EmptyState title={t('reader.choose')} />
          )}
        </div>
      </aside>
    </div>
  );
}
