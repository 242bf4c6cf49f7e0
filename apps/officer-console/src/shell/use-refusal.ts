import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsOf } from './words-of';

/** The words for a refusal or transport code: what happened and what to do next. An unknown code still says what to do. */
export function useRefusalText(): (code: string, details?: Record<string, unknown>) => string {
  const { t, i18n } = useTranslation(['refusal', 'common']);
  return useCallback(
    (code, details = {}) => {
      const key = `refusal:${code}`;
      return i18n.exists(key) ? wordsOf(t)(key, details) : `${t('common:error.again')} ${t('common:error.code', { code })}`;
    },
    [t, i18n],
  );
}
