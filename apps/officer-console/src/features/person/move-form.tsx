import { cellList, personMove } from '@sallyport/contracts';
import { Combo, Select, TextField } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import { bedPlace, type Person } from './person-words';

/** Another cell or bed. Only cells of the same sex with a free bed are offered; the server holds the other rules of separation. */
export function MoveForm({ person, onDone }: { person: Person; onDone: () => void }) {
  const { t } = useTranslation('console');
  const { act, run } = useAct(personMove);
  const { data } = useQuery(reading(cellList));
  const [cell, setCell] = useState<string | null>(person.cell);
  const [bed, setBed] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const cells = (data?.cells ?? []).filter(({ sex, freeBeds }) => sex === person.facts.sex && freeBeds.length > 0);
  const beds = cells.find((candidate) => candidate.cell === cell)?.freeBeds ?? [];
  const send = async () => {
    if (!cell || !bed) return;
    const outcome = await run({ person: person.id, cell, bed: Number(bed), reason: reason.trim(), seenVersion: person.version });
    if (outcome?.outcome === 'accepted') onDone();
  };
  const where = cell && bed ? bedPlace(cell, Number(bed)) : '';
  return (
    <ActForm act={act} label={t('people.moveConfirm', { where })} isReady={where !== '' && isReason(reason)} onSend={() => void send()} onCancel={onDone}>
      <div className="grid grid-cols-2 gap-4">
        <Combo
          label={t('people.cell')}
          items={cells.map(({ cell: id, people, capacity }) => ({ id, label: id, detail: `${people}/${capacity}` }))}
          selected={cell}
          onChange={(id) => {
            setCell(id);
            setBed(null);
          }}
        />
        <Select label={t('people.bed')} items={beds.map((n) => ({ id: String(n), label: String(n) }))} selected={bed} onChange={setBed} />
      </div>
      <TextField label={t('people.reason')} value={reason} onChange={setReason} maxLength={500} />
    </ActForm>
  );
}
