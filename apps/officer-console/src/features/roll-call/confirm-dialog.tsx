import { rollCallConfirm } from '@sallyport/contracts';
import { Checkbox, Dialog, Note, TextField } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../platform/use-act';
import { ActForm, isReason } from '../../shell/act-form';
import type { RollCallCell } from './roll-call-page';

interface ConfirmDialogProps {
  readonly rollCall: string;
  readonly cell: RollCallCell;
  readonly onClose: () => void;
}

/** Whom the officer saw with their own eyes; for the others the officer says where they are. */
export function ConfirmDialog({ rollCall, cell, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation('console');
  const { act, run } = useAct(rollCallConfirm);
  const [seen, setSeen] = useState<readonly string[]>([]);
  const [note, setNote] = useState('');
  const lacksNote = seen.length < cell.missing.length && !isReason(note);
  const send = async () => {
    const outcome = await run({ rollCall, cell: cell.cell, seen: [...seen], note: note.trim() });
    if (outcome?.outcome === 'accepted') onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('rollCall.confirmTitle', { cell: cell.cell })}>
      <ActForm
        act={act}
        label={seen.length > 0 || cell.missing.length === 0 ? t('rollCall.confirmAct', { n: seen.length }) : t('rollCall.confirmNone')}
        isReady={!lacksNote}
        onSend={() => void send()}
        onCancel={onClose}
      >
        {cell.offline && <Note tone="cyan">{t('rollCall.offline')}</Note>}
        <div className="flex flex-col gap-2">
          {cell.missing.map(({ id, bed, maskedName, number }) => (
            <Checkbox key={id} isSelected={seen.includes(id)} onChange={(on) => setSeen(on ? [...seen, id] : seen.filter((other) => other !== id))}>
              <b>{String(bed ?? '–').padStart(2, '0')}</b> {maskedName} {number}
            </Checkbox>
          ))}
        </div>
        <TextField label={t('rollCall.note')} value={note} onChange={setNote} maxLength={500} hint={lacksNote ? t('rollCall.notSeen') : undefined} />
      </ActForm>
    </Dialog>
  );
}
