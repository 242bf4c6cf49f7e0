import type { WorkRow } from '@sallyport/contracts';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsOf } from '../../shell/words-of';

/** The one-line content of a work item. The server gives a key and values; a value may itself be a key of the console's catalogue (the name of an anomaly). */
export function useWorkTitle(): (row: Pick<WorkRow, 'title' | 'kind'>) => string {
  const { t, i18n } = useTranslation('console');
  return useCallback(
    ({ title, kind }) => {
      if (!i18n.exists(`console:${title.key}`)) return t(`kind.${kind}`);
      const values = Object.fromEntries(
        Object.entries(title.values).map(([name, value]) => [name, i18n.exists(`console:${name}.${value}`) ? wordsOf(t)(`${name}.${value}`) : value]),
      );
      return wordsOf(t)(title.key, values);
    },
    [t, i18n],
  );
}
