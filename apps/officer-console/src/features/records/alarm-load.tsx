import { alertLoad, type ResponseOf } from '@sallyport/contracts';
import { AlarmShape, type Column, Dialog, EmptyState, Ltr, Note, Skeleton, Table, Tag, useFmt } from '@sallyport/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ApiFailure } from '../../platform/api';
import { reading } from '../../platform/queries';
import { usePlaceWords } from '../../shell/use-place-words';
import { useRefusalText } from '../../shell/use-refusal';
import { useAlertTitle } from '../alert/alert-words';
import type { Filter } from './record-filters';

type Window = ResponseOf<typeof alertLoad>['windows'][number];

/** As many alarms for one officer in ten minutes as nobody can answer (ux R17). */
const FLOOD = 10;
const rate = (perOfficer: number): string => perOfficer.toFixed(1);

function useColumns(zone: string): Column<Window>[] {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return [
    { id: 'when', label: t('audit.when'), rowHeader: true, cell: (row) => <Ltr>{fmt.dateTime(Date.parse(row.at))}</Ltr> },
    { id: 'alarms', label: t('load.alarms'), cell: (row) => <Ltr>{row.alarms.length}</Ltr> },
    { id: 'officers', label: t('load.officers'), cell: (row) => <Ltr>{row.officers}</Ltr> },
    {
      id: 'rate',
      label: t('load.perOfficer'),
      cell: (row) => (
        <Tag tone={row.perOfficer >= FLOOD ? 'danger' : row.perOfficer > 1 ? 'amber' : 'line'}>
          <Ltr>{rate(row.perOfficer)}</Ltr>
        </Tag>
      ),
    },
  ];
}

function Behind({ window, zone, onClose }: { window: Window; zone: string; onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const fmt = useFmt(zone);
  const titleOf = useAlertTitle();
  const placeWords = usePlaceWords();
  return (
    <Dialog isOpen onClose={onClose} title={fmt.dateTime(Date.parse(window.at))}>
      <ul className="flex flex-col gap-2">
        {window.alarms.map((alarm) => (
          <li key={alarm.id} className="flex items-center gap-2">
            <AlarmShape level={alarm.level} />
            <Ltr>{fmt.second(Date.parse(alarm.raisedAt))}</Ltr>
            <Link href={`/alerts/${alarm.id}`}>
              {alarm.cell ? t('common:place.cell', { cell: alarm.cell }) : alarm.place && placeWords(alarm.place)} {titleOf(alarm)}
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** How many alarms each officer had to answer, in every ten minutes of the period, with the alarms behind each number. */
export function AlarmLoad({ filter: { from, to }, zone }: { filter: Pick<Filter, 'from' | 'to'>; zone: string }) {
  const { t } = useTranslation('console');
  const refusalText = useRefusalText();
  const { data, error } = useQuery({ ...reading(alertLoad, {}, { from, to }), placeholderData: keepPreviousData });
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useColumns(zone);
  if (error) return <EmptyState title={refusalText(error instanceof ApiFailure ? error.code : 'NOT_FOUND')} />;
  if (!data) return <Skeleton rows={8} />;
  const window = data.windows.find(({ at }) => at === opened);
  return (
    <>
      <Note tone={data.review ? 'danger' : 'ok'}>
        {t('load.summary', { mean: rate(data.mean), most: rate(data.most) })} · {t(data.review ? 'load.review' : 'load.fine')}
      </Note>
      <Table
        aria-label={t('load.title')}
        columns={columns}
        rows={data.windows}
        rowId={({ at }) => at}
        onOpen={setOpened}
        empty={<EmptyState title={t('load.none')} />}
      />
      {window && <Behind window={window} zone={zone} onClose={() => setOpened(null)} />}
    </>
  );
}
