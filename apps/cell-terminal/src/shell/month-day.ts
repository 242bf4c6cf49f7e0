import { useTranslation } from 'react-i18next';

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

/** "11 月 22 日" or "22 November" of a text that begins with a date of the site's calendar, such as a slot's key. */
export function useMonthDay(): (text: string) => string {
  const { t } = useTranslation('common');
  return (text) => {
    const [month, day] = text.slice('2026-'.length, '2026-11-22'.length).split('-');
    const named = MONTHS[Number(month) - 1];
    return named ? t('time.monthDay', { month: t(`time.month${named}`), day: Number(day) }) : text;
  };
}
