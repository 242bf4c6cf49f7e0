import { offeredLanguages } from '@sallyport/i18n';
import { LanguagePicker, Press, Question, useTextSize } from '@sallyport/ui';
import { ALargeSmall } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Go, HOME } from './pages';
import { useHouse } from './terminal-context';

/** The languages whose catalogues are here; pseudo-languages only while one is in use (set by `#lang=`, for tests and translators). */
export function LanguagePage({ go }: { go: Go }) {
  const { t, i18n } = useTranslation('cell');
  const { build } = useHouse();
  const { large, setLarge } = useTextSize();
  const current = i18n.resolvedLanguage ?? i18n.language;
  const languages = offeredLanguages(['common', 'cell', 'refusal'], { pseudo: current.startsWith('qps') });
  return (
    <Question
      title={t('language.title')}
      below={
        <Press
          onPress={() => {
            setLarge(!large);
            go(HOME);
          }}
        >
          <ALargeSmall aria-hidden />
          {large ? t('language.normalText') : t('language.largeText')}
        </Press>
      }
      foot={<span className="note">{t('version.label', { version: build })}</span>}
    >
      <LanguagePicker languages={languages} current={current} onChoose={(tag) => void i18n.changeLanguage(tag).then(() => go(HOME))} />
    </Question>
  );
}
