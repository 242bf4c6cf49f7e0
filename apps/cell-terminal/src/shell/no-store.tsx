import { Confirmation, Press } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';

/** This machine cannot keep anything: nothing may be promised, so nothing is offered but a new try and the wired button. */
export function NoStore({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  return (
    <main className="full">
      <Confirmation
        tone="refused"
        title={t('storage.closed')}
        lead={common('offline.wallAlarm')}
        also={<Press onPress={onRetry}>{common('action.retry')}</Press>}
      />
    </main>
  );
}
