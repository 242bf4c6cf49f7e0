import { loadCatalogue, type Namespace } from '@sallyport/i18n';

export type Language = 'zh-CN' | 'en';

/** The words of a language as the screens show them, so that a story reads the catalogue and not a copy of it. */
export interface Words {
  /** A text with its values filled in. @throws when the catalogue has no such key. */
  (namespace: Namespace, key: string, values?: Readonly<Record<string, string | number>>): string;
}

export async function wordsOf(language: Language): Promise<Words> {
  const namespaces: Namespace[] = ['common', 'cell', 'console', 'refusal'];
  const catalogues = new Map(await Promise.all(namespaces.map(async (namespace) => [namespace, await loadCatalogue(language, namespace)] as const)));
  return (namespace, key, values = {}) => {
    const found = key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], catalogues.get(namespace));
    if (typeof found !== 'string') throw new Error(`no text ${namespace}:${key} in ${language}`);
    return found.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
