import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefusalText } from '../../shell/use-refusal';
import { wordsOf } from '../../shell/words-of';

type Nested = { readonly [name: string]: string | Nested };

/** "person.take-out" for every action that has words, in the order of the catalogue. */
function namesOf(words: Nested, path = ''): string[] {
  return Object.entries(words).flatMap(([name, inner]) => (typeof inner === 'string' ? [path + name] : namesOf(inner, `${path}${name}.`)));
}

/** Words for what the audit holds as codes: actions, subjects, reasons. What has no words shows itself, so that nothing is hidden. */
export function useAuditWords() {
  const { t, i18n } = useTranslation('console');
  const refusalText = useRefusalText();
  const word = useCallback(
    (group: 'actions' | 'subjects' | 'reasons', name: string) => (i18n.exists(`console:audit.${group}.${name}`) ? wordsOf(t)(`audit.${group}.${name}`) : name),
    [t, i18n],
  );
  return useMemo(
    () => ({
      action: (name: string) => word('actions', name),
      subject: (name: string) => word('subjects', name),
      /** A code in words; words that somebody wrote stay as they are. */
      reason: (text: string) => (i18n.exists(`refusal:${text}`) ? refusalText(text) : word('reasons', text)),
      /** Every action with words, to choose from. */
      actions: () => namesOf(t('audit.actions', { returnObjects: true }) as Nested),
    }),
    [t, i18n, word, refusalText],
  );
}
