import { offeredLanguages, SOURCE_LANGUAGE } from '@sallyport/i18n';
import { Button } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { rememberedLook, rememberLook } from './look';

/** Chinese or English, each in its own words. Detainees' languages are not offered here: officers work in these two. */
export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const now = i18n.resolvedLanguage ?? SOURCE_LANGUAGE;
  const other = offeredLanguages(['common', 'console']).find(({ tag }) => (tag === SOURCE_LANGUAGE || tag === 'en') && tag !== now);
  if (!other) return null;
  const change = () => {
    rememberLook({ ...rememberedLook(), language: other.tag });
    void i18n.changeLanguage(other.tag);
  };
  return (
    <Button tone="quiet" size="sm" onPress={change}>
      {other.name}
    </Button>
  );
}
