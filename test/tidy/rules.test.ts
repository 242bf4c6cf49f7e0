import { expect, test } from 'vitest';
import { clickRule, directionRule, machineRule } from './bans.js';
import { bareTextRule } from './bare-text.js';
import { importRule } from './imports.js';
import { leftoverRule } from './leftovers.js';
import { lockRule, machinePathRule, topLevelRule } from './repository.js';
import { coverageRule } from './rule-coverage.js';
import { LONGEST_FILE, sizeViolations } from './size.js';
import type { Rule } from './source.js';

const SCREEN = 'apps/cell-terminal/src/home.tsx';
const FEATURE = 'apps/server/src/features/duty/plan.ts';
const DOMAIN = 'packages/domain/src/duty.ts';

const broken: readonly [Rule, string, string][] = [
  [importRule, DOMAIN, `import { Kysely } from 'kysely';`],
  [importRule, 'packages/basics/src/a.ts', `import { z } from 'zod';`],
  [importRule, 'packages/contracts/src/a.ts', `export { rule } from '@sallyport/domain';`],
  [importRule, SCREEN, `import { rule } from '@sallyport/domain';`],
  [importRule, SCREEN, `const late = import('@sallyport/server');`],
  [importRule, SCREEN, `import { deep } from '@sallyport/ui/src/button';`],
  [importRule, SCREEN, `import { x } from '../../../packages/ui/src/button';`],
  [importRule, FEATURE, `import { rows } from '../person/store.js';`],
  [importRule, FEATURE, `import { outbox } from '@sallyport/offline';`],
  [machineRule, FEATURE, 'const now = Date.now();'],
  [machineRule, FEATURE, 'const now = new Date();'],
  [machineRule, DOMAIN, 'const chance = Math.random();'],
  [machineRule, SCREEN, `await fetch('/api');`],
  [machineRule, SCREEN, `await globalThis.fetch('/api');`],
  [machineRule, FEATURE, 'const { PORT } = process.env;'],
  [clickRule, SCREEN, 'const a = <button onClick={go} />;'],
  [directionRule, SCREEN, 'const a = <p className="p-2 ml-4" />;'],
  [directionRule, SCREEN, 'const a = `flex hover:left-[3px] ${b}`;'],
  [directionRule, SCREEN, `const a = 'text-right';`],
  [directionRule, 'packages/ui/src/base.css', '.a { margin-left: 1mm; }'],
  [directionRule, 'packages/ui/src/base.css', '.a {\n  right: 0;\n}'],
  [bareTextRule, SCREEN, 'const a = <p>Sign in</p>;'],
  [bareTextRule, SCREEN, 'const a = <p>值班</p>;'],
  [bareTextRule, SCREEN, `const a = t(b ? '值班' : c);`],
  [bareTextRule, SCREEN, 'const a = <Button aria-label="Close" />;'],
  [coverageRule, 'packages/domain/SPEC.md', '- **DUTY4** Two people per slot.'],
  [coverageRule, 'packages/domain/src/a.test.ts', `test('DUTY9: nothing of the spec', () => {});`],
  [leftoverRule, FEATURE, '// TODO later'],
  [leftoverRule, FEATURE, `console.log('here');`],
  [leftoverRule, 'packages/domain/src/a.test.ts', `test.only('a', () => {});`],
  [leftoverRule, 'packages/domain/src/a.test.ts', `describe.skip('a', () => {});`],
  [leftoverRule, FEATURE, 'debugger;'],
  [topLevelRule, 'notes.md', 'x'],
  [topLevelRule, 'src/main.ts', 'x'],
  [machinePathRule, 'README.md', ['see ', 'work', 'main/x'].join('/')],
  [lockRule, 'package-lock.json', '{ "resolved": "https://registry.example/a.tgz" }'],
];

test.each(broken)('%o finds the fault in %s: %s', (rule, path, text) => {
  expect(rule([{ path, text }])).not.toEqual([]);
});

const fine: readonly [Rule, string, string][] = [
  [importRule, DOMAIN, `import { slot } from '@sallyport/contracts';\nimport { a } from './a.js';`],
  [importRule, 'packages/domain/src/a.test.ts', `import { test } from 'vitest';`],
  [importRule, SCREEN, `import '@sallyport/ui/tokens.css';`],
  [importRule, FEATURE, `import { rows } from './store.js';\nimport { person } from '../person/index.js';`],
  [machineRule, FEATURE, 'const at = new Date(now);'],
  [machineRule, 'apps/server/src/platform/jobs/clock.ts', 'const now = Date.now();'],
  [clickRule, SCREEN, 'const a = <Button onPress={go} />;'],
  [directionRule, SCREEN, 'const a = <p className="ms-4 text-start copyright-1" />;'],
  [bareTextRule, SCREEN, `const a = <p title={t('duty.title')}>{t('duty.now')} · </p>;`],
  [leftoverRule, FEATURE, '// The bed stays empty until the officer decides.'],
  [topLevelRule, '.ci/run', 'npm test'],
  [lockRule, 'package-lock.json', '{ "resolved": "packages/basics", "link": true }'],
];

test.each(fine)('%o has nothing against %s: %s', (rule, path, text) => {
  expect(rule([{ path, text }])).toEqual([]);
});

test('a rule of the spec with its test, and a test with its rule, are in order', () => {
  const spec = { path: 'packages/domain/SPEC.md', text: '| DUTY4 | Two people |\n- DUTY5: at night too' };
  const tests = { path: 'packages/domain/src/a.test.ts', text: `test('DUTY4, DUTY5: two people', () => {});` };
  expect(coverageRule([spec, tests])).toEqual([]);
});

const long = (name: string, lines: number) => ({ path: FEATURE, text: `export function ${name}() {\n${'  work();\n'.repeat(lines - 2)}}` });

test('a long function is found, a known one may stay, a grown one may not', () => {
  const key = `${FEATURE}#plan`;
  expect(sizeViolations([long('plan', 70)], {})).toEqual([]);
  expect(sizeViolations([long('plan', 71)], {})).toHaveLength(1);
  expect(sizeViolations([long('plan', 80)], { [key]: 80 })).toEqual([]);
  expect(sizeViolations([long('plan', 81)], { [key]: 80 })).toHaveLength(1);
});

test('whoever makes a long function shorter lowers its mark', () => {
  expect(sizeViolations([long('plan', 75)], { [`${FEATURE}#plan`]: 80 })[0]).toContain('to 75');
  expect(sizeViolations([long('plan', 20)], { [`${FEATURE}#plan`]: 80 })[0]).toContain('to nothing');
});

test('a long file is found', () => {
  expect(sizeViolations([{ path: FEATURE, text: 'work();\n'.repeat(LONGEST_FILE) }], {})).toHaveLength(1);
});
