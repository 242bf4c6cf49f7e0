import { directionOf, type I18n, languageOf } from '@sallyport/i18n';
import { type ReactNode, useCallback, useEffect, useSyncExternalStore } from 'react';
import { I18nextProvider } from 'react-i18next';
import { I18nProvider } from 'react-aria-components/I18nProvider';

/** Language of the page: gives texts, `lang` and `dir` of <html> and React Aria's locale to everything inside, and follows `i18n.changeLanguage`. */
export function I18nRoot({ i18n, children }: { i18n: I18n; children: ReactNode }) {
  const follow = useCallback(
    (changed: () => void) => {
      i18n.on('languageChanged', changed);
      return () => i18n.off('languageChanged', changed);
    },
    [i18n],
  );
  // A catalogue may arrive between the first render and the subscription: the language is read from its owner, so that no change is missed.
  const tag = useSyncExternalStore(follow, () => i18n.language);
  const { htmlTag } = languageOf(tag);
  const direction = directionOf(tag);
  useEffect(() => {
    document.documentElement.lang = htmlTag;
    document.documentElement.dir = direction;
  }, [htmlTag, direction]);
  return (
    <I18nextProvider i18n={i18n}>
      <I18nProvider locale={htmlTag}>{children}</I18nProvider>
    </I18nextProvider>
  );
}
