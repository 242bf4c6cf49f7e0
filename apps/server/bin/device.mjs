// A terminal from the command line: npm run --silent device -- enrol CODE | send KIND JSON | home | sync | status
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const args = process.argv.slice(2);
const dataDir = path.resolve(root, process.env.DATA_DIR ?? 'data');

function option(name) {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
}

/** SALLYPORT_URL, else the cell terminals' address that the running demo wrote down. */
function originOf() {
  if (process.env.SALLYPORT_URL) return process.env.SALLYPORT_URL;
  const file = path.join(dataDir, 'demo.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).origins.cell;
  console.error(`No server known: set SALLYPORT_URL, or start the demo, which writes ${file}.`);
  return process.exit(1);
}

const folder = option('--dir') ?? path.join(dataDir, 'device-cli');
const program = path.join(root, 'apps/server/dist/device-cli.js');
if (!existsSync(program)) spawnSync('npx', ['tsc', '-b', 'apps/server'], { cwd: root, stdio: ['ignore', 2, 2] });
const { deviceCli } = await import(program);
const clock = { now: () => Date.now(), monotonic: () => performance.now() };
process.exit(await deviceCli(args, { origin: originOf(), folder: path.resolve(folder), clock, print: (line) => console.log(line) }));
