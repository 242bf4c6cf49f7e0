import type { Language } from '@sallyport/i18n';
import { useTranslation } from 'react-i18next';
import { ChoiceList } from './choices';

/** Languages by their own names, always in the same order, no flags. */
export function LanguagePicker({ languages, current, onChoose }: { languages: readonly Language[]; current: string; onChoose: (tag: string) => void }) {
  const { t } = useTranslation('common');
  return (
    <ChoiceList
      aria-label={t('language.title')}
      columns={languages.length > 4 ? 2 : 1}
      items={languages.map(({ tag, name, htmlTag }) => ({
        id: tag,
        label: (
          <bdi lang={htmlTag} dir="auto">
            {name}
          </bdi>
        ),
        isCurrent: tag === current,
        ...(tag === current ? { detail: t('language.now') } : {}),
      }))}
      onChoose={onChoose}
    />
  );
}
