import { type Rule, type Source, isTest } from './source.js';

const SPEC = 'packages/domain/SPEC.md';
/** A rule's id where the spec defines it: at the beginning of a line, after its mark. */
const DEFINITION = /^(?:[-*|#\s]|\d+\.)*(?:\*\*)?`?([A-Z]{3,12}\d{1,3}[a-z]?)\b/;
/** The ids at the beginning of a test's name: 'DUTY4: …' or 'DUTY4, DUTY5: …'. */
const TEST_NAME = /['"`]((?:[A-Z]{3,12}\d{1,3}[a-z]?(?:, | and )?)+):/g;

function defined(files: readonly Source[]): Set<string> {
  const spec = files.find((file) => file.path === SPEC)?.text ?? '';
  return new Set(spec.split('\n').flatMap((line) => DEFINITION.exec(line)?.[1] ?? []));
}

function proved(files: readonly Source[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files.filter((one) => isTest(one) && !one.path.startsWith('test/tidy/'))) {
    for (const [, ids = ''] of file.text.matchAll(TEST_NAME)) for (const id of ids.split(/, | and /)) found.set(id, file.path);
  }
  return found;
}

/** Every numbered rule has a test that carries its number, and no test carries a number that is not there. */
export const coverageRule: Rule = (files) => {
  const rules = defined(files);
  const tests = proved(files);
  const families = new Set([...rules].map((id) => id.replace(/\d.*/, '')));
  const untested = [...rules].filter((id) => !tests.has(id)).map((id) => `${SPEC}: ${id} has no test whose name begins with "${id}: "`);
  const unknown = [...tests]
    .filter(([id]) => !rules.has(id) && (families.has(id.replace(/\d.*/, '')) || rules.size === 0))
    .map(([id, path]) => `${path}: ${id} is not in ${SPEC}`);
  return [...untested, ...unknown];
};
