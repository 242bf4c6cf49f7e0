import { type BackendModule, createInstance, type i18n as I18n, type ResourceKey } from 'i18next';
import { loadCatalogue } from './catalogues.js';
import { directionOf, languageOf, languages, SOURCE_LANGUAGE } from './languages.js';
import type { Catalogue } from './pseudo.js';
import type { Namespace } from './typed.js';

export type { I18n };

export interface I18nOptions {
  /** Chinese catalogues that came with the app (`cellSource`, `consoleSource`). Their names are the app's namespaces. */
  readonly source: Partial<Record<Namespace, Catalogue>>;
  /** First language; Chinese when absent. Other languages load in the background. */
  readonly language?: string;
  /** Told about a key that no language has. */
  readonly onMissing?: (key: string) => void;
}

/** Gives i18next the catalogues that the bundle did not bring. */
const backend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    loadCatalogue(language, namespace as Namespace).then(
      (catalogue) => done(null, catalogue as ResourceKey),
      (error: unknown) => done(error as Error, false),
    );
  },
};

/** Puts a value between the Unicode marks that keep its own direction from the text around it. */
function isolate(value: string): string {
  return `\u2068${value}\u2069`;
}

/**
 * An i18next instance for one app, ready at once in Chinese. `await i18n.changeLanguage(tag)` loads another language;
 * a text that is missing there falls back to Chinese, then English. `nonExplicitSupportedLngs` stays off: with it zh-CN drops out of the chain.
 */
export function createI18n(options: I18nOptions): I18n {
  const namespaces = Object.keys(options.source) as Namespace[];
  const instance = createInstance();
  const language = languageOf(options.language ?? SOURCE_LANGUAGE).tag;
  void instance.use(backend).init({
    lng: SOURCE_LANGUAGE,
    supportedLngs: languages.map(({ tag }) => tag),
    // Chinese is complete (a test says so), so that a Chinese screen never waits for another catalogue.
    fallbackLng: { [SOURCE_LANGUAGE]: [], default: [SOURCE_LANGUAGE, 'en'] },
    load: 'currentOnly',
    nonExplicitSupportedLngs: false,
    ns: namespaces,
    defaultNS: 'common',
    resources: { [SOURCE_LANGUAGE]: options.source as Record<string, ResourceKey> },
    partialBundledLanguages: true,
    initAsync: false,
    returnNull: false,
    // React escapes markup; what has to be kept apart here is direction: times and numbers inside right-to-left text.
    interpolation: { escapeValue: true, escape: (value: string) => (directionOf(instance.language ?? SOURCE_LANGUAGE) === 'rtl' ? isolate(value) : value) },
    saveMissing: options.onMissing !== undefined,
    missingKeyHandler: (_languages, namespace, key) => options.onMissing?.(`${namespace}:${key}`),
  });
  if (language !== SOURCE_LANGUAGE) void instance.changeLanguage(language);
  return instance;
}
