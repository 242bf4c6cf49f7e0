import { cellList, rollCallStart } from '@sallyport/contracts';
import { Checkbox, Dialog, TextField } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';

/** An ad hoc roll call in some cells, with the reason. */
export function StartDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['console', 'common']);
  const { data } = useQuery(reading(cellList));
  const { act, run } = useAct(rollCallStart);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const cells = (data?.cells ?? []).filter(({ people }) => people > 0);
  const blocks = [...new Set(cells.map(({ block }) => block))];
  const set = (some: readonly string[], on: boolean) =>
    setChosen((before) => new Set(on ? [...before, ...some] : [...before].filter((cell) => !some.includes(cell))));
  const start = async () => {
    const outcome = await run({ cells: [...chosen].sort(), reason: reason.trim() });
    if (outcome?.outcome === 'accepted') onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} size="lg" title={t('rollCall.startTitle')}>
      <ActForm
        act={act}
        label={t('rollCall.startIn', { n: chosen.size })}
        isReady={chosen.size > 0 && isReason(reason)}
        onSend={() => void start()}
        onCancel={onClose}
      >
        <TextField label={t('rollCall.reason')} value={reason} onChange={setReason} maxLength={500} autoFocus />
        <Checkbox
          isSelected={cells.length > 0 && chosen.size === cells.length}
          onChange={(on) =>
            set(
              cells.map(({ cell }) => cell),
              on,
            )
          }
        >
          {t('rollCall.allCells')}
        </Checkbox>
        <div className="scroll roll-choice">
          {blocks.map((block) => (
            <fieldset key={block} className="roll-block">
              <legend>{t('common:place.block', { block })}</legend>
              {cells
                .filter((cell) => cell.block === block)
                .map(({ cell }) => (
                  <Checkbox key={cell} isSelected={chosen.has(cell)} onChange={(on) => set([cell], on)}>
                    {cell}
                  </Checkbox>
                ))}
            </fieldset>
          ))}
        </div>
      </ActForm>
    </Dialog>
  );
}
