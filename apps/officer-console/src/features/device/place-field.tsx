import { cellList, place as placeText } from '@sallyport/contracts';
import { Combo, Select, TextField } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { useSession } from '../access/session';

interface PlaceFieldProps {
  /** "cell:0101" or "hall:kiosk-1"; null while it is not whole. */
  readonly onChange: (place: string | null) => void;
}

/** Where a device stands: one of the cells, or a spot in the hall with a free name. */
export function PlaceField({ onChange }: PlaceFieldProps) {
  const { t } = useTranslation(['console', 'common']);
  const { can } = useSession();
  const { data, isLoading } = useQuery({ ...reading(cellList), enabled: can('person.read') || can('device.manage') });
  const [kind, setKind] = useState<'cell' | 'hall'>('cell');
  const [cell, setCell] = useState<string | null>(null);
  const [hall, setHall] = useState('');
  const tell = (text: string) => onChange(placeText.safeParse(text).success ? text : null);
  const typed = hall !== '' && !placeText.safeParse(`hall:${hall}`).success;
  return (
    <div className="grid grid-cols-2 gap-4">
      <Select
        label={t('device.placeKind')}
        items={[
          { id: 'cell', label: t('device.kind.cell') },
          { id: 'hall', label: t('device.kind.hall') },
        ]}
        selected={kind}
        onChange={(id) => {
          setKind(id === 'hall' ? 'hall' : 'cell');
          onChange(null);
        }}
      />
      {kind === 'hall' && (
        <TextField
          label={t('device.hall')}
          value={hall}
          maxLength={24}
          hint={t('device.hallHint')}
          fault={typed ? t('device.hallHint') : undefined}
          onChange={(text) => {
            setHall(text);
            tell(`hall:${text}`);
          }}
        />
      )}
      {kind === 'cell' && data && (
        <Combo
          label={t('device.cell')}
          items={data.cells.map(({ cell: id }) => ({ id, label: t('common:place.cell', { cell: id }) }))}
          selected={cell}
          onChange={(id) => {
            setCell(id);
            onChange(id ? `cell:${id}` : null);
          }}
        />
      )}
      {/* Only once no list will come: a field that gives way to the list would take along what was typed meanwhile. */}
      {kind === 'cell' && !data && !isLoading && (
        <TextField
          label={t('device.cell')}
          value={cell ?? ''}
          maxLength={4}
          inputMode="numeric"
          onChange={(text) => {
            setCell(text);
            tell(`cell:${text}`);
          }}
        />
      )}
    </div>
  );
}
