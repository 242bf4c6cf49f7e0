// npm test: everything, from a fresh clone to one closing line. `npm test -- unit server` runs only the steps named.
// `--long` (npm run test:long): 1,000 seeds in place of 60, every mutant of the product, and the benchmarks as far as they show that they work.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, buildApps, buildServer, checkNode, failPlainly, install } from '../../apps/server/bin/prepare.mjs';
import { checks } from './check.mjs';
import { findBrowser, findPostgres } from './needs.mjs';
import { FAILED, PASSED, counted, playwright, program, vitest } from './steps.mjs';
import { ownTemporaryFolder } from './temporary.mjs';

const CI = process.env.CI === 'true';
const words = process.argv.slice(2);
const long = words.includes('--long');
const wanted = words.filter((word) => !word.startsWith('--'));

function external() {
  if (findPostgres()) return vitest('server', { TEST_ENGINE: 'external' }, 'server-external');
  console.log(
    'The second PostgreSQL is not installed and cannot be installed here: the server tests ran on the embedded one only. To run both: apt-get install postgresql',
  );
  return CI ? FAILED : counted(0, 0, 1);
}

function build() {
  buildServer();
  buildApps();
  return PASSED;
}

function browser() {
  if (!existsSync(path.join(ROOT, 'test/playwright.config.ts'))) return counted(0, 0);
  const found = findBrowser();
  if (found) return playwright(found === 'playwright' ? {} : { CHROME_PATH: found });
  console.log('There is no browser. Install Chromium, or set CHROME_PATH to one, and run again.');
  return FAILED;
}

const steps = [
  ...checks,
  { name: 'unit', run: () => vitest('unit') },
  { name: 'server', run: () => vitest('server') },
  { name: 'server on the second PostgreSQL', key: 'external', run: external },
  { name: 'simulation', run: () => (existsSync(path.join(ROOT, 'test/bin/sim.mjs')) ? program('test/bin/sim.mjs', long ? ['--long'] : []) : counted(0, 0)) },
  { name: 'build', run: build },
  { name: 'browser', run: browser },
  // A checker that notices nothing is worth nothing: the long run asks it too.
  ...(long
    ? [
        { name: 'mutants', run: () => vitest('mutants') },
        { name: 'benchmarks', run: () => program('test/bin/bench.mjs', ['--smoke']) },
      ]
    : []),
];

failPlainly();
checkNode();
install();
ownTemporaryFolder();

const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
for (const { name, key = name, run } of steps) {
  if (wanted.length > 0 && !wanted.includes(key)) continue;
  console.log(`\n── ${name}`);
  const started = Date.now();
  let result;
  try {
    result = await run();
  } catch (error) {
    console.error(error.message);
    result = FAILED;
  }
  for (const what of Object.keys(total)) total[what] += result[what];
  summary.push(`${name}: ${result.passed} passed, ${result.failed} failed (${Math.round((Date.now() - started) / 1000)} s)`);
}

console.log(`\n${summary.map((line) => `  ${line}`).join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
