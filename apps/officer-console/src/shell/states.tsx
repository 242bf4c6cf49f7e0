import { Button, EmptyState, Skeleton } from '@sallyport/ui';
import { CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Until the first answer is there. */
export function Waiting() {
  return (
    <main className="grid h-dvh place-items-center">
      <Skeleton rows={3} />
    </main>
  );
}

/** The server does not answer: says so, and what to do. */
export function Unreachable({ retry }: { retry: () => void }) {
  const { t } = useTranslation('common');
  return (
    <main className="grid h-dvh place-items-center">
      <EmptyState
        icon={CloudOff}
        title={t('offline.badge')}
        next={t('error.again')}
        action={
          <Button tone="primary" onPress={retry}>
            {t('action.retry')}
          </Button>
        }
      />
    </main>
  );
}
