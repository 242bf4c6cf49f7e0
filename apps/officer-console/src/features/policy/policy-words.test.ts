import { defaultPolicy } from '@sallyport/contracts';
import { consoleSource } from '@sallyport/i18n';
import { expect, test } from 'vitest';

const { policy, kind } = consoleSource.console;

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every place of the document by its path; the parts of a list's items count once. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (Array.isArray(value)) return [[...path], ...(isBranch(value[0]) ? pathsOf(value[0], path).slice(1) : [])];
  if (!isBranch(value)) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

const paths = pathsOf(defaultPolicy).filter((path) => path.length > 0);
const isSection = (path: readonly string[]) => path.length === 1;
const isKind = (path: readonly string[]) => path.at(-2) === 'kinds';

test('every setting has a name in words', () => {
  const named = (path: readonly string[]) => {
    const name = path.at(-1) ?? '';
    if (isSection(path)) return name in policy.section;
    return isKind(path) ? name in kind : name in policy.field || name in policy.group;
  };
  expect(paths.length).toBeGreaterThan(100);
  expect(paths.filter((path) => !named(path)).map((path) => path.join('.'))).toEqual([]);
});
test('every setting that can be set says what it does', () => {
  const settings = paths.filter((path) => !isSection(path) && !isKind(path) && !((path.at(-1) ?? '') in policy.group));
  expect(settings.filter((path) => !((path.at(-1) ?? '') in policy.about)).map((path) => path.join('.'))).toEqual([]);
});
