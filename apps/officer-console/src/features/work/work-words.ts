import type { WorkRow } from '@sallyport/contracts';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlaceWords } from '../../shell/use-place-words';
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

/** "0304-09" where a row is about one person in a bed, else its cell or place. */
export function useRowPlace(): (row: Pick<WorkRow, 'cell' | 'place' | 'people'>) => string {
  const placeWords = usePlaceWords();
  return useCallback(
    ({ cell, place, people }) => {
      const [only, more] = people;
      if (cell && only && !more && only.bed !== null) return `${cell}-${String(only.bed).padStart(2, '0')}`;
      return cell ?? (place ? placeWords(place) : '');
    },
    [placeWords],
  );
}

/** Everything that a row shows, in small letters: what the search of the queue looks in. */
export function useRowText(): (row: WorkRow) => string {
  const { t } = useTranslation('console');
  const titleOf = useWorkTitle();
  const placeOf = useRowPlace();
  return useCallback(
    (row) => {
      const people = row.people.map(({ bed, maskedName }) => `${bed ?? ''} ${maskedName}`);
      return [placeOf(row), row.cell ?? '', t(`kind.${row.kind}`), titleOf(row), ...people, ...Object.values(row.title.values)].join(' ').toLowerCase();
    },
    [t, titleOf, placeOf],
  );
}
