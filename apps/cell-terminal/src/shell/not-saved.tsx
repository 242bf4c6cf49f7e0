import type { SaveFailure } from '@sallyport/offline';
import { Confirmation } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';

/** Nothing was stored: said plainly, spoken where the browser can, with what to do instead. */
export function NotSaved({ why, onLeave }: { why: SaveFailure; onLeave: () => void }) {
  const { t } = useTranslation('cell');
  const { t: common } = useTranslation('common');
  const full = why === 'outbox-full';
  return (
    <Confirmation
      tone="refused"
      title={full ? t('storage.full') : common('outbox.notDurable')}
      lead={t('storage.fullNext')}
      next={common('offline.wallAlarm')}
      onLeave={onLeave}
    />
  );
}
