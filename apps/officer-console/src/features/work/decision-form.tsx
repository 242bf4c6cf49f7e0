import type { Verdict, WorkDetail } from '@sallyport/contracts';
import { Button, Dialog, Select, TextField } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Draft, EMPTY_DRAFT, missing } from './decision';

interface DecisionFormProps {
  readonly offer: WorkDetail['verdicts'][number];
  readonly onSend: (verdict: Verdict, draft: Draft) => void;
  readonly onClose: () => void;
}

/** Asks for what a verdict needs: the reason that the other person will read, measure and result, or the six digits. */
export function DecisionForm({ offer, onSend, onClose }: DecisionFormProps) {
  const { t, i18n } = useTranslation(['console', 'common']);
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const lacks = missing(offer.needs, draft);
  const reasons = offer.reasons.map((id) => ({ id, label: i18n.exists(`console:reason.${id}`) ? String(t(`reason.${id}` as never)) : id }));
  const actions = (
    <>
      <Button tone="primary" guard isDisabled={lacks !== null} onPress={() => onSend(offer.verdict, draft)}>
        {t(`verdict.${offer.verdict}`)}
      </Button>
      <Button onPress={onClose}>{t('common:action.cancel')}</Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={t(`verdict.${offer.verdict}`)} actions={actions}>
      <div className="flex flex-col gap-4">
        {offer.needs.includes('check-value') && (
          <TextField
            label={t('decide.checkValue')}
            value={draft.checkValue}
            onChange={(checkValue) => set({ checkValue })}
            inputMode="numeric"
            maxLength={7}
            autoFocus
          />
        )}
        {offer.needs.includes('reason') && (
          <Select
            label={t('decide.reason')}
            hint={t('decide.reasonSeen')}
            items={reasons}
            selected={draft.reasonCode}
            onChange={(reasonCode) => set({ reasonCode })}
          />
        )}
        {offer.needs.includes('measure-and-result') && (
          <>
            <TextField label={t('decide.measure')} value={draft.measure} onChange={(measure) => set({ measure })} maxLength={500} multiline autoFocus />
            <TextField label={t('decide.result')} value={draft.result} onChange={(result) => set({ result })} maxLength={500} multiline />
          </>
        )}
        {!offer.needs.includes('measure-and-result') && (
          <TextField label={t('decide.note')} value={draft.note} onChange={(note) => set({ note })} maxLength={500} multiline />
        )}
      </div>
    </Dialog>
  );
}
