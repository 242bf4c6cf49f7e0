import * as contracts from '@sallyport/contracts';
import { consoleSource } from '@sallyport/i18n';
import { expect, test } from 'vitest';

const { actions, subjects } = consoleSource.console.audit;

const server = import.meta.glob<string>('../../../../server/src/**/*.ts', { query: '?raw', import: 'default', eager: true });
const sources = Object.entries(server).flatMap(([name, text]) => (name.endsWith('.test.ts') ? [] : [text]));

function found(pattern: RegExp, texts: readonly string[] = sources): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name)))].sort();
}

function hasWords(name: string): boolean {
  const words = name
    .split('.')
    .reduce<unknown>((inner, part) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[part] : undefined), actions);
  return typeof words === 'string';
}

/*
 * The server names its actions in three ways: a command by its kind, a view by what was looked at, and everything else in its own words.
 * Its sources are read here, because the console may not import the server, and a name without words would stand on an inspector's screen.
 */
test('every command that is audited has words', () => {
  const kinds = Object.values(contracts).flatMap((one: unknown) => {
    const { kind, maker } = (one ?? {}) as { kind?: unknown; maker?: unknown };
    return typeof kind === 'string' && typeof maker === 'string' ? [kind] : [];
  });
  expect(kinds.length).toBeGreaterThan(30);
  expect(kinds.filter((kind) => !hasWords(kind))).toEqual([]);
});
test('every act that the server notes by itself has words', () => {
  const named = found(/action: '([a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+)'/g);
  expect(named.length).toBeGreaterThan(8);
  expect([...named, 'query.refuse'].filter((name) => !hasWords(name))).toEqual([]);
});
test('every view that is noted has words, and so has every subject', () => {
  const viewed = found(
    /subjectKind: '([a-z-]+)'/g,
    sources.filter((text) => text.includes('officerQuery')),
  );
  expect(viewed.length).toBeGreaterThan(5);
  expect(viewed.filter((kind) => !hasWords(`${kind}.view`))).toEqual([]);
  const kinds = [...found(/subjectKind: '([a-z-]+)'/g), ...found(/subject: \{ kind: '([a-z-]+)'/g)];
  expect(kinds.filter((kind) => !(kind in subjects))).toEqual([]);
});
