import { afterEach, expect, test, vi } from 'vitest';
import { allowEmptyHtml } from './empty-html';

afterEach(() => vi.unstubAllGlobals());

test('an element may be emptied, and nothing else may become markup', () => {
  const createPolicy = vi.fn();
  vi.stubGlobal('trustedTypes', { createPolicy });
  allowEmptyHtml();
  const [name, rules] = createPolicy.mock.calls[0] as [string, { createHTML(text: string): string | null }];
  expect([name, Object.keys(rules)]).toEqual(['default', ['createHTML']]);
  expect([rules.createHTML(''), rules.createHTML(' '), rules.createHTML('<b>x</b>')]).toEqual(['', null, null]);
});

test('a browser without trusted types needs no leave', () => {
  vi.stubGlobal('trustedTypes', undefined);
  expect(allowEmptyHtml).not.toThrow();
});
