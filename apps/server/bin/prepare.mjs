// What has to be true before the server or a test can run: the dependencies are installed and the build is that of the sources.
// Plain Node without dependencies, because nothing may be installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const STAMPS = path.join(ROOT, 'node_modules/.cache/sallyport');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Versions of Node that the project is tested on: [major, least minor]. */
const NODE_VERSIONS = [
  [20, 19],
  [22, 12],
  [24, 0],
];

/** Ends the process with a sentence that says what to do. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Lets every fault end the program as a sentence and not as a stack. */
export function failPlainly() {
  process.on('uncaughtException', (error) => fail(error.message));
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (!NODE_VERSIONS.some(([known, least]) => major === known && minor >= least)) {
    fail(`Node ${process.versions.node} is not supported. Install Node 20.19 or newer of 20, 22.12 or newer of 22, or 24.`);
  }
}

/** Runs a program with the terminal's input and output; throws where it fails. */
export function must(what, command, args, env = {}) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error || status !== 0) throw new Error(`${what} failed${error ? `: ${error.message}` : '. Its messages are above.'}`);
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function readStamp(name) {
  const file = path.join(STAMPS, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function writeStamp(name, value) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(path.join(STAMPS, name), value);
}

function isInstalled(lockHash) {
  const installed = path.join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  return readStamp('lock') === lockHash || statSync(installed).mtimeMs >= statSync(path.join(ROOT, 'package-lock.json')).mtimeMs;
}

/** Installs what package-lock.json names, where that has not been done yet. */
export function install() {
  const lockHash = sha256(readFileSync(path.join(ROOT, 'package-lock.json')));
  if (!isInstalled(lockHash)) {
    console.log('Installing dependencies (once) …');
    must('npm ci', NPM, ['ci', '--include=dev', '--include=optional', '--no-fund', '--no-audit', '--loglevel=error']);
  }
  if (readStamp('lock') !== lockHash) writeStamp('lock', lockHash);
}

const NOT_SOURCES = new Set(['node_modules', 'dist', 'test-results']);

function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : sourceFiles(file);
    return entry.name.endsWith('.tsbuildinfo') || entry.name.includes('.test.') ? [] : [file];
  });
}

/** One value for everything that a build is made from; the same value means the same build. */
function sourcesHash(folders) {
  const hash = createHash('sha256');
  for (const name of ['tsconfig.json', 'vite.config.ts', 'package-lock.json']) hash.update(readFileSync(path.join(ROOT, name)));
  for (const file of folders.flatMap((folder) => sourceFiles(path.join(ROOT, folder))).sort()) {
    hash.update(`${path.relative(ROOT, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const bin = (name) => path.join(ROOT, 'node_modules', name);

function buildIfChanged(name, folders, products, build) {
  const hash = sourcesHash(folders);
  if (readStamp(name) === hash && products.every((file) => existsSync(path.join(ROOT, file)))) return;
  build(hash);
  writeStamp(name, hash);
}

/** Compiles the server and what it imports, where a source has changed. */
export function buildServer() {
  buildIfChanged('server', ['packages', 'apps/server'], ['apps/server/dist/main.js'], () => {
    console.log('Compiling the server …');
    must('The compiler', process.execPath, [bin('typescript/bin/tsc'), '-b', 'apps/server']);
  });
}

const APPS = ['apps/cell-terminal', 'apps/officer-console'];

/** Builds the web apps, where a source has changed. */
export function buildApps() {
  buildIfChanged(
    'apps',
    ['packages', ...APPS],
    APPS.map((app) => `${app}/dist/web/index.html`),
    (hash) => {
      console.log('Building the web apps …');
      must('The build of the web apps', process.execPath, [bin('vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { BUILD_ID: hash.slice(0, 8) });
    },
  );
}
