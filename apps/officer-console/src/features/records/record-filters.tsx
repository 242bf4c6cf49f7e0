import { anomalyKind, cellList, type SearchOf, type dutyAnomalies } from '@sallyport/contracts';
import { DateField, Select, TextField, TimeField } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';

/** What is looked for; empty texts mean any. */
export interface Filter {
  readonly from: string;
  readonly to: string;
  readonly cell: string;
  readonly time: string;
  readonly person: string;
  readonly kind: string;
}
export const NO_FILTER: Filter = { from: '', to: '', cell: '', time: '', person: '', kind: '' };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK = /^\d{2}:\d{2}$/;
const NUMBER = /^\d{8}$/;

/** The part of a filter that is whole enough to be asked. A slot is a day and a time, so its time counts with one single day. */
export function searchOf(filter: Filter): SearchOf<typeof dutyAnomalies> {
  const day = DATE.test(filter.from) && filter.to === filter.from ? filter.from : null;
  return {
    ...(DATE.test(filter.from) ? { from: filter.from } : {}),
    ...(DATE.test(filter.to) ? { to: filter.to } : {}),
    ...(filter.cell ? { cell: filter.cell } : {}),
    ...(day && CLOCK.test(filter.time) ? { slot: `${day}T${filter.time}` } : {}),
    ...(NUMBER.test(filter.person) ? { person: filter.person } : {}),
    ...(anomalyKind.safeParse(filter.kind).success ? { anomaly: anomalyKind.parse(filter.kind) } : {}),
  };
}

interface FiltersProps {
  readonly filter: Filter;
  readonly withKind: boolean;
  readonly set: (part: Partial<Filter>) => void;
}

/** By date, cell, slot, person and kind. */
export function Filters({ filter, withKind, set }: FiltersProps) {
  const { t } = useTranslation(['console', 'common']);
  const { data } = useQuery(reading(cellList));
  const cells = [{ id: '', label: t('records.anyCell') }, ...(data?.cells ?? []).map(({ cell }) => ({ id: cell, label: t('common:place.cell', { cell }) }))];
  const kinds = [{ id: '', label: t('records.anyKind') }, ...anomalyKind.options.map((id) => ({ id, label: t(`anomaly.${id}`) }))];
  const oneDay = filter.from !== '' && filter.from === filter.to;
  return (
    <search className="filters">
      <DateField label={t('records.from')} value={filter.from} onChange={(from) => set({ from })} />
      <DateField label={t('records.to')} value={filter.to} onChange={(to) => set({ to })} />
      <Select label={t('records.cell')} items={cells} selected={filter.cell} onChange={(cell) => set({ cell })} />
      <TimeField label={t('records.slot')} value={filter.time} onChange={(time) => set({ time })} isDisabled={!oneDay} />
      <TextField
        label={t('records.person')}
        value={filter.person}
        onChange={(person) => set({ person })}
        maxLength={8}
        inputMode="numeric"
        placeholder={t('records.personHint')}
      />
      {withKind && <Select label={t('records.kind')} items={kinds} selected={filter.kind} onChange={(kind) => set({ kind })} />}
    </search>
  );
}
