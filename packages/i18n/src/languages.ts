/** A language that the screens know. Names stand in the language's own script; there are no flags, because flags are states. */
export interface Language {
  /** The tag that i18next, catalogues and person records use. */
  readonly tag: string;
  readonly name: string;
  /** The tag that browsers and React Aria understand; differs only for pseudo-languages. */
  readonly htmlTag: string;
  readonly kind: 'source' | 'complete' | 'plug-in' | 'pseudo';
}

/** Always in this order, so that a person finds the own language at the same place every time. */
export const languages: readonly Language[] = [
  { tag: 'zh-CN', name: '中文', htmlTag: 'zh-CN', kind: 'source' },
  { tag: 'en', name: 'English', htmlTag: 'en', kind: 'complete' },
  { tag: 'ug', name: 'ئۇيغۇرچە', htmlTag: 'ug', kind: 'plug-in' },
  { tag: 'kk-Arab', name: 'قازاقشا', htmlTag: 'kk-Arab', kind: 'plug-in' },
  { tag: 'qps', name: '[Þšéûðô]', htmlTag: 'en-XA', kind: 'pseudo' },
  { tag: 'qps-rtl', name: '[پسەۇدو]', htmlTag: 'ar-XB', kind: 'pseudo' },
];

export const SOURCE_LANGUAGE = 'zh-CN';

/** Language parts that are written from right to left, for engines without `getTextInfo`. */
const rightToLeft = new Set(['ar', 'fa', 'he', 'ug', 'ur']);
const rightToLeftScripts = new Set(['Arab', 'Hebr', 'Thaa']);

type LocaleWithTextInfo = Intl.Locale & { getTextInfo?: () => { direction: 'ltr' | 'rtl' } };

/** The language of a tag; a tag that is not known is the source language. Understands `zh` and region parts: `en-GB` is `en`. */
export function languageOf(tag: string): Language {
  const wanted = tag.toLowerCase();
  const exact = languages.find((language) => language.tag.toLowerCase() === wanted);
  if (exact) return exact;
  const byLength = languages.filter((language) => wanted.startsWith(`${language.tag.toLowerCase()}-`)).sort((a, b) => b.tag.length - a.tag.length);
  return byLength[0] ?? (languages[0] as Language);
}

/** Writing direction. i18next's own table is wrong for Kazakh in Arabic script, so the engine's locale data decides. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  const locale: LocaleWithTextInfo = new Intl.Locale(languageOf(tag).htmlTag);
  const known = locale.getTextInfo?.().direction;
  if (known) return known;
  if (locale.script) return rightToLeftScripts.has(locale.script) ? 'rtl' : 'ltr';
  return rightToLeft.has(locale.language) ? 'rtl' : 'ltr';
}
