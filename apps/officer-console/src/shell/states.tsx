import { Button, EmptyState, Page, Skeleton } from '@sallyport/ui';
import { CloudOff, MapPinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

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

/** An address that leads nowhere: says so, and the way back. */
export function NoSuchPage() {
  const { t } = useTranslation('console');
  const navigate = useNavigate();
  const home = (
    <Button tone="primary" onPress={() => void navigate('/')}>
      {t('page.home')}
    </Button>
  );
  return (
    <Page title={t('page.none')}>
      <EmptyState icon={MapPinOff} title={t('page.none')} next={t('page.noneHint')} action={home} />
    </Page>
  );
}
