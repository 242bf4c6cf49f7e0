import { languageOf, languages, type Language } from './languages.js';
import { type Catalogue, pseudoCatalogue } from './pseudo.js';
import type { Namespace } from './typed.js';

type Loader = () => Promise<{ default: Catalogue }>;

const english: Record<Namespace, Loader> = {
  common: () => import('./locales/en/common.json', { with: { type: 'json' } }),
  cell: () => import('./locales/en/cell.json', { with: { type: 'json' } }),
  console: () => import('./locales/en/console.json', { with: { type: 'json' } }),
  refusal: () => import('./locales/en/refusal.json', { with: { type: 'json' } }),
};
const chinese: Record<Namespace, Loader> = {
  common: () => import('./locales/zh-CN/common.json', { with: { type: 'json' } }),
  cell: () => import('./locales/zh-CN/cell.json', { with: { type: 'json' } }),
  console: () => import('./locales/zh-CN/console.json', { with: { type: 'json' } }),
  refusal: () => import('./locales/zh-CN/refusal.json', { with: { type: 'json' } }),
};

/** Files that human translators added under `locales/<tag>/`, found by Vite at build time. Node has no such function and gets none. */
function pluggedInFiles(): Record<string, Loader> {
  try {
    return (import.meta as unknown as { glob: (pattern: string) => Record<string, Loader> }).glob('./locales/{ug,kk-Arab}/*.json');
  } catch {
    return {};
  }
}
const plugIns = pluggedInFiles();

function loaderOf(language: Language, namespace: Namespace): Loader | undefined {
  if (language.kind === 'source') return chinese[namespace];
  if (language.kind === 'plug-in') return plugIns[`./locales/${language.tag}/${namespace}.json`];
  return english[namespace];
}

/** Loads one catalogue. Pseudo-languages are made from English. Throws for a language whose file is not there. */
export async function loadCatalogue(tag: string, namespace: Namespace): Promise<Catalogue> {
  const language = languageOf(tag);
  const loader = loaderOf(language, namespace);
  if (!loader) throw new Error(`no catalogue ${namespace} for ${tag}`);
  const { default: catalogue } = await loader();
  if (language.kind !== 'pseudo') return catalogue;
  return pseudoCatalogue(catalogue, language.tag === 'qps-rtl' ? 'arabic' : 'accented');
}

/** The languages that a picker offers: those whose files are here. Pseudo-languages only where `pseudo` says so (tests, translators). */
export function offeredLanguages(namespaces: readonly Namespace[], options: { pseudo?: boolean } = {}): Language[] {
  return languages.filter((language) => {
    if (language.kind === 'pseudo') return options.pseudo === true;
    return namespaces.every((namespace) => loaderOf(language, namespace) !== undefined);
  });
}
