// npm test: everything, from a fresh clone to one closing line. `npm test -- unit server` runs only the steps named.
// `--long` (npm run test:long): 1,000 seeds in place of 60, every mutant of the product, and the benchmarks as far as they show that they work.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, buildApps, buildServer, checkNode, failPlainly, install } from '../../apps/server/bin/prepare.mjs';
import { checks } from './check.mjs';
import { lane, summaryLine } from './lanes.mjs';
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
  if (found) return playwright({ ...(found !== 'playwright' && { CHROME_PATH: found }), ...(long && { LONG: '1' }) });
  console.log('There is no browser. Install Chromium, or set CHROME_PATH to one, and run again.');
  return FAILED;
}

const steps = [
  ...checks,
  { name: 'unit', run: () => vitest('unit') },
  { name: 'server', run: () => vitest('server') },
  { name: 'server on the second PostgreSQL', key: 'external', run: external },
  { name: 'build', run: build },
  { name: 'browser', run: browser },
  { name: 'simulation', run: () => (existsSync(path.join(ROOT, 'test/bin/sim.mjs')) ? program('test/bin/sim.mjs', long ? ['--long'] : []) : counted(0, 0)) },
  // A checker that notices nothing is worth nothing: the long run asks it too.
  ...(long
    ? [
        { name: 'mutants', run: () => vitest('mutants') },
        { name: 'benchmarks', run: () => program('test/bin/bench.mjs', ['--smoke']) },
      ]
    : []),
];

/** Steps that wait more than they work go side by side, each lane in a run of its own. What takes both cores by itself has them alone. */
const LANES = [
  ['unit', 'server', 'external'],
  ['build', 'browser'],
];

failPlainly();
checkNode();
install();
ownTemporaryFolder();

const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];

function add(name, { passed, failed, skipped }, seconds) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  summary.push(summaryLine(name, { passed, failed, skipped }, seconds));
}

async function take({ name, run }) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  let result;
  try {
    result = await run();
  } catch (error) {
    console.error(error.message);
    result = FAILED;
  }
  add(name, result, Math.round((Date.now() - started) / 1000));
}

async function takeLane(keys) {
  const results = await lane(keys, long ? ['--long'] : []);
  for (const key of keys) {
    const { name } = steps.find((step) => keyOf(step) === key);
    const told = results.get(name);
    add(name, told ?? FAILED, told?.seconds ?? 0);
  }
}

const keyOf = ({ name, key = name }) => key;
const inLane = new Set(LANES.flat());

if (wanted.length > 0) {
  for (const step of steps.filter((one) => wanted.includes(keyOf(one)))) await take(step);
} else {
  const first = steps.findIndex((step) => inLane.has(keyOf(step)));
  for (const step of steps.slice(0, first)) await take(step);
  // One package manager at a time: what the lanes need is there before they begin.
  findBrowser();
  findPostgres();
  console.log(`\n── side by side: ${LANES.map((keys) => keys.join(', ')).join(' | ')}`);
  await Promise.all(LANES.map(takeLane));
  for (const step of steps.slice(first).filter((one) => !inLane.has(keyOf(one)))) await take(step);
}

console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
