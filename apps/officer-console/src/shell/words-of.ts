import type { TFunction } from 'i18next';

/** Reads a text whose key comes from the server and is therefore not known to the compiler; ask `i18n.exists` first. */
export function wordsOf(t: unknown): (key: string, values?: Readonly<Record<string, unknown>>) => string {
  return t as TFunction as unknown as (key: string, values?: Readonly<Record<string, unknown>>) => string;
}
