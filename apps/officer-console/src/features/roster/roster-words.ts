import { weekdayOf } from '@sallyport/basics';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** The name of a rule; one without a name yet shows its own id rather than nothing. */
export function useRuleWords(): (rule: string) => string {
  const { t, i18n } = useTranslation('console');
  return useCallback((rule) => (i18n.exists(`console:conflict.${rule}`) ? String(t(`conflict.${rule}` as never)) : rule), [t, i18n]);
}

/** "Wed 11-25" */
export function useDayWords(): (day: string) => string {
  const { t } = useTranslation('common');
  return useCallback((day) => `${String(t(`time.short${weekdayOf(day)}` as never))} ${day.slice(5)}`, [t]);
}
