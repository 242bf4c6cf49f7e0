import { useTranslation } from 'react-i18next';

/** Six digits in two groups of three, to be compared by eye or read aloud. */
export function CheckValue({ value }: { value: string }) {
  const { t } = useTranslation('common');
  const groups = [value.slice(0, 3), value.slice(3)];
  return (
    <span className="check-value" role="img" aria-label={`${t('check.label')} ${[...value].join(' ')}`}>
      {groups.map((group, index) => (
        <span key={index}>
          {[...group].map((digit, place) => (
            <i key={place}>{digit}</i>
          ))}
        </span>
      ))}
    </span>
  );
}
