import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components/Button';

/** "Are you still there?": the whole screen is the button. What is behind it must be gone from the page, not only covered. */
export function IdleVeil({ secondsLeft, onStay }: { secondsLeft: number; onStay: () => void }) {
  const { t } = useTranslation('common');
  return (
    <Button className="veil" onPress={onStay} autoFocus>
      <span className="ask">{t('idle.ask')}</span>
      <span className="touch">{t('idle.touch')}</span>
      <span className="count">{t('idle.left', { s: secondsLeft })}</span>
    </Button>
  );
}
