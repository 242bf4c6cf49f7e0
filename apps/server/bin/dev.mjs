// npm run dev: pages update while you edit, the server starts again when its code changes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, buildServer, checkNode, failPlainly, install } from './prepare.mjs';

failPlainly();
checkNode();
install();
buildServer();

const port = Number(process.env.PORT ?? 8080);
const serverPort = port + 1;
const origin = (name) => `http://${name}.localhost:${port}`;
const env = {
  DEMO: '1',
  LOG_LEVEL: 'warn',
  DATA_DIR: path.join(ROOT, 'data'),
  CELL_ORIGIN: origin('cell'),
  HALL_ORIGIN: origin('hall'),
  CONSOLE_ORIGIN: origin('console'),
  ...process.env,
  PORT: String(serverPort),
  DEV_PORT: String(port),
};

const children = [];
let stopping = false;

function run(...args) {
  // A group of its own, because the compiler starts a program that its own end does not end.
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit', detached: true });
  children.push(child);
  child.on('exit', (code) => stop(code ?? 1));
}

function stop(code) {
  if (stopping) return;
  stopping = true;
  const alive = children.filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of alive) process.kill(-child.pid, 'SIGTERM');
  void Promise.all(alive.map((child) => once(child, 'exit'))).then(() => process.exit(code));
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(0));

run(path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', '--watch', '--preserveWatchOutput', 'apps/server');
while (!existsSync(path.join(ROOT, 'apps/server/dist/main.js'))) await sleep(200);
run('--watch', '--watch-preserve-output', '--enable-source-maps', path.join(ROOT, 'apps/server/dist/main.js'));
run(path.join(ROOT, 'node_modules/vite/bin/vite.js'), '--port', String(port), '--strictPort');
