import { expect, test, vi } from 'vitest';
import { offeredLanguages } from './catalogues.js';
import { createI18n } from './create.js';
import { directionOf, languageOf } from './languages.js';
import { cellSource } from './source-cell.js';

test('speaks Chinese at once, without waiting for a file', () => {
  expect(createI18n({ source: cellSource }).t('duty.now', { ns: 'cell' })).toBe('现在轮到');
});

test('loads English on demand', async () => {
  const i18n = createI18n({ source: cellSource });
  await i18n.changeLanguage('en');
  expect(i18n.t('duty.done', { ns: 'cell', time: '22:03' })).toBe('Signed in 22:03');
});

test('a language without files falls back to Chinese, never to raw keys', async () => {
  const i18n = createI18n({ source: cellSource });
  await i18n.changeLanguage('ug');
  expect(i18n.t('home.duty', { ns: 'cell' })).toBe('值班签到');
});

test('pseudo-languages put brackets round every text and keep the values', async () => {
  const i18n = createI18n({ source: cellSource });
  await i18n.changeLanguage('qps');
  expect(i18n.t('duty.done', { ns: 'cell', time: '22:03' })).toMatch(/^\[šíĝñéð íñ 22:03 [ó ]+\]$/u);
  await i18n.changeLanguage('qps-rtl');
  expect(i18n.t('nav.back')).toMatch(/^\[\p{Script=Arabic}+ و+\]$/u);
});

test('values inside right-to-left text keep their own direction', async () => {
  const i18n = createI18n({ source: cellSource });
  await i18n.changeLanguage('qps-rtl');
  expect(i18n.t('duty.done', { ns: 'cell', time: '22:03' })).toContain('\u206822:03\u2069');
});

test('a missing key is reported with its namespace', () => {
  const onMissing = vi.fn();
  const i18n = createI18n({ source: cellSource, onMissing });
  // @ts-expect-error a key that is not in the Chinese catalogue does not compile
  i18n.t('nav.nowhere');
  expect(onMissing).toHaveBeenCalledWith('common:nav.nowhere');
});

test('a wrong key of another namespace does not compile', () => {
  const i18n = createI18n({ source: cellSource });
  const t = i18n.getFixedT(null, 'cell');
  // @ts-expect-error `nobody` is not a key of the cell catalogue
  expect(t('duty.nobody')).toBe('duty.nobody');
});

test('only languages with files are offered; pseudo-languages only on request', () => {
  expect(offeredLanguages(['common', 'cell']).map(({ tag }) => tag)).toEqual(['zh-CN', 'en']);
  expect(offeredLanguages(['common'], { pseudo: true }).map(({ tag }) => tag)).toEqual(['zh-CN', 'en', 'qps', 'qps-rtl']);
});

test('tags with other parts find their language, unknown ones are Chinese', () => {
  expect(['zh', 'en-GB', 'kk-Arab-CN', 'KK-ARAB', 'xx'].map((tag) => languageOf(tag).tag)).toEqual(['zh-CN', 'en', 'kk-Arab', 'kk-Arab', 'zh-CN']);
});

test('direction comes from the locale data', () => {
  expect(['zh-CN', 'en', 'ug', 'kk-Arab', 'qps', 'qps-rtl'].map(directionOf)).toEqual(['ltr', 'ltr', 'rtl', 'rtl', 'ltr', 'rtl']);
});
