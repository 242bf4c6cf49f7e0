import { Button, Dialog, TextField } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** An alarm ends only with the measure taken and the result, in the officer's own words. */
export function EndForm({ onClose, onSend }: { onClose: () => void; onSend: (measure: string, result: string) => void }) {
  const { t } = useTranslation(['console', 'common']);
  const [measure, setMeasure] = useState('');
  const [result, setResult] = useState('');
  const ready = measure.trim().length >= 2 && result.trim().length >= 2;
  const actions = (
    <>
      <Button tone="primary" guard isDisabled={!ready} onPress={() => onSend(measure.trim(), result.trim())}>
        {t('alert.end')}
      </Button>
      <Button onPress={onClose}>{t('common:action.cancel')}</Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={t('alert.end')} actions={actions}>
      <div className="flex flex-col gap-4">
        <p className="text-muted">{t('alert.endNeeds')}</p>
        <TextField label={t('alert.measure')} value={measure} onChange={setMeasure} maxLength={500} multiline autoFocus />
        <TextField label={t('alert.result')} value={result} onChange={setResult} maxLength={500} multiline />
      </div>
    </Dialog>
  );
}
