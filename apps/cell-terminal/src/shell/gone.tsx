import { Confirmation } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { type Go, HOME } from './pages';

const LEAVE_AFTER = 4_000;

/** What the page was about is over or was taken from the plan while somebody stood before it: said, not left blank. */
export function Gone({ go }: { go: Go }) {
  const { t } = useTranslation('cell');
  return <Confirmation tone="refused" title={t('home.gone')} leaveAfter={LEAVE_AFTER} onLeave={() => go(HOME)} />;
}
