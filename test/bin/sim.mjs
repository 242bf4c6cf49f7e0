// npm run sim -- --seeds N --seed K --from M --faults a,b: the seeded fault simulation. Ends with "N passed, N failed".
import { parseArgs } from 'node:util';
import { vitest } from './steps.mjs';
import { ownTemporaryFolder } from './temporary.mjs';

const SHORT = 60;
const LONG = 1_000;

const one = { type: 'string' };
const { values } = parseArgs({ options: { seeds: one, seed: one, from: one, faults: one, long: { type: 'boolean' } } });
const env = {
  SIM_SEEDS: values.seeds ?? String(values.long ? LONG : SHORT),
  ...(values.seed !== undefined && { SIM_SEED: values.seed }),
  ...(values.from !== undefined && { SIM_FROM: values.from }),
  ...(values.faults !== undefined && { SIM_FAULTS: values.faults }),
};
ownTemporaryFolder();
const { passed, failed } = vitest('sim', env);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
