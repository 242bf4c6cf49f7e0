import { Button, EmptyState, Page } from '@sallyport/ui';
import { CloudOff } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

function Failed() {
  const { t } = useTranslation(['console', 'common']);
  return (
    <Page>
      <EmptyState
        icon={CloudOff}
        title={t('nav.failed')}
        next={t('nav.failedNext')}
        action={
          <Button tone="primary" onPress={() => window.location.reload()}>
            {t('common:action.retry')}
          </Button>
        }
      />
    </Page>
  );
}

/** A page that cannot be fetched or drawn leaves the alarms and the other pages standing. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}
