// npm run sim:mutants: breaks one promise of the product at a time; the simulator has to notice each. `-- --quick` tries fewer seeds.
import { vitest } from './steps.mjs';
import { ownTemporaryFolder } from './temporary.mjs';

ownTemporaryFolder();
const { passed, failed } = vitest('mutants', process.argv.includes('--quick') ? { SIM_QUICK: '1' } : {});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
