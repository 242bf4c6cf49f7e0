import { CheckValue, Note } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';

/** A new PIN, shown this one time. */
export function PinOnce({ pin }: { pin: string }) {
  const { t } = useTranslation('console');
  return (
    <div className="flex flex-col gap-4">
      <Note tone="amber">{t('people.pinOnce')}</Note>
      <CheckValue value={pin} />
    </div>
  );
}
