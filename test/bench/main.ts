import { parseArgs } from 'node:util';
import { p1 } from './p1.js';
import { p4 } from './p4.js';
import { p7 } from './p7.js';
import { p9 } from './p9.js';
import { plain } from './plain.js';
import { ROUNDS } from './rounds.js';
import type { Scenario } from './scenario.js';

const scenarios: readonly Scenario[] = [p1, p4, p7, p9, plain];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { smoke: { type: 'boolean', default: false }, rounds: { type: 'string' } } });
// P5 is taken of the same connections as P4.
const wanted = new Set(positionals.map((name) => name.toUpperCase().replace('P5', 'P4')));
const unknown = [...wanted].filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}. There are: ${scenarios.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}

const print = (text: string) => void (text !== '' && process.stdout.write(`${text}\n`));
const rounds = values.rounds === undefined ? (values.smoke ? 1 : ROUNDS) : Number(values.rounds);
let failed = 0;
let passed = 0;
for (const scenario of scenarios) {
  if (wanted.size > 0 && !wanted.has(scenario.name)) continue;
  print(`\n${scenario.name}: ${scenario.summary}`);
  try {
    await scenario.run({ smoke: values.smoke, rounds, print });
    passed += 1;
  } catch (error) {
    failed += 1;
    print(`  failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
// A goal that is missed is a finding and no failure; a benchmark that does not run is one.
print(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
