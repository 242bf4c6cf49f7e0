import { problemCode, refusalCode } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { loadCatalogue, offeredLanguages } from './catalogues.js';
import { SOURCE_LANGUAGE } from './languages.js';
import type { Catalogue } from './pseudo.js';
import type { Namespace } from './typed.js';

const namespaces: Namespace[] = ['common', 'cell', 'console', 'refusal'];
/** A Chinese character takes about two Latin letters of room. */
const CHINESE_WIDTH = 2;
/** A text may be at most this many times as wide as its Chinese source … */
const GROWTH = 2.5;
/** … but every text may have this many letters: a two-character word says little about its translation. */
const FREE_LENGTH = 24;

function texts(catalogue: Catalogue, path = ''): Map<string, string> {
  const pairs = Object.entries(catalogue).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : [...texts(value, `${path}${key}.`)],
  );
  return new Map(pairs);
}
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*([^}]+?)\s*\}\}/g)].map(([, name]) => name).sort();
const width = (text: string) => [...text].reduce((sum, letter) => sum + (/\p{Script=Han}|[，。？！：、]/u.test(letter) ? CHINESE_WIDTH : 1), 0);

describe.each(namespaces)('catalogue %s', (namespace) => {
  const tags = offeredLanguages([namespace], { pseudo: true }).map(({ tag }) => tag);
  test.each(tags)('%s has every key and every placeholder of the Chinese source, none empty', async (tag) => {
    const source = texts(await loadCatalogue(SOURCE_LANGUAGE, namespace));
    const other = texts(await loadCatalogue(tag, namespace));
    expect([...other.keys()].sort()).toEqual([...source.keys()].sort());
    for (const [key, text] of source) {
      expect(other.get(key)?.length, `${key} is empty in ${tag}`).toBeGreaterThan(0);
      expect(placeholders(other.get(key) ?? ''), `placeholders of ${key} in ${tag}`).toEqual(placeholders(text));
    }
  });
  test('English is never much wider than the Chinese', async () => {
    const source = texts(await loadCatalogue(SOURCE_LANGUAGE, namespace));
    const english = texts(await loadCatalogue('en', namespace));
    const tooWide = [...source].filter(([key, text]) => width(english.get(key) ?? '') > Math.max(FREE_LENGTH, GROWTH * width(text)));
    expect(tooWide.map(([key]) => key)).toEqual([]);
  });
});

test('every refusal code has a text, and every text has a code', async () => {
  const keys = [...texts(await loadCatalogue(SOURCE_LANGUAGE, 'refusal')).keys()];
  expect(keys.sort()).toEqual([...refusalCode.options, ...problemCode.options].sort());
});

describe('plain Chinese', () => {
  const avoided = ['失败', '错误', '非法', '犯人', '罪犯', '提交成功', '请联系管理员'];
  /** Longest sentence that people with little schooling read in one go. */
  const SENTENCE = 20;
  test.each(namespaces)('%s avoids words that blame or frighten, and long sentences', async (namespace) => {
    for (const [key, text] of texts(await loadCatalogue(SOURCE_LANGUAGE, namespace))) {
      for (const word of avoided) expect(text, key).not.toContain(word);
      const sentences = text.replaceAll(/\{\{[^}]+\}\}/g, '').split(/[。？！，：；·]/);
      for (const sentence of sentences) expect([...sentence].length, `${key}: ${sentence}`).toBeLessThanOrEqual(SENTENCE);
    }
  });
});
