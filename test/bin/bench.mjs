// npm run bench -- P1 P4 …: measures the product against limits and peers, side by side in one run. `--smoke` only shows that
// the benchmarks work, `--rounds N` takes more or fewer pairs, BENCH_PROFILE=folder writes a CPU profile of the server under P1.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT, buildApps, buildServer, failPlainly, install } from '../../apps/server/bin/prepare.mjs';
import { node } from './steps.mjs';
import { ownTemporaryFolder } from './temporary.mjs';

failPlainly();
install();
buildServer();
buildApps();
if (!node('typescript/bin/tsc', ['-b', 'test'])) process.exit(1);
ownTemporaryFolder();
const child = spawn(process.execPath, [path.join(ROOT, 'test/dist/bench/main.js'), ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
