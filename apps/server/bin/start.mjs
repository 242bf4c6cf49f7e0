// npm start [-- --site county|district|city|large]: the demonstration, from a fresh clone to a running site in one step.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, buildApps, buildServer, checkNode, fail, failPlainly, install } from './prepare.mjs';

const SITES = ['county', 'district', 'city', 'large'];

function chosenSite() {
  try {
    const { values } = parseArgs({ options: { site: { type: 'string', default: 'county' } } });
    const found = SITES.find((known) => known === values.site);
    if (found) return found;
  } catch {
    // Any other argument gets the same answer as an unknown site.
  }
  return fail(`Usage: npm start [-- --site ${SITES.join('|')}]`);
}

const site = chosenSite();
failPlainly();
checkNode();
install();
buildServer();
buildApps();

const env = {
  DEMO: '1',
  LOG_LEVEL: 'warn',
  // Each size of the demo site has a folder of its own, so that changing the size never mixes two sites.
  DATA_DIR: path.join(ROOT, site === 'county' ? 'data' : `data-${String(site)}`),
  ...process.env,
};
const server = spawn(process.execPath, ['--enable-source-maps', path.join(ROOT, 'apps/server/dist/main.js'), '--site', site], {
  cwd: ROOT,
  env,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
server.on('exit', (code) => process.exit(code ?? 1));
