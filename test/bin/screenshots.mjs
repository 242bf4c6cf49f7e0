#!/usr/bin/env node
// Takes the pictures of packages/docs/pictures from a running demo site: `npm run screenshots`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const steps = [
  ['npx', ['tsc', '-b']],
  ['npx', ['vite', 'build']],
  ['npx', ['playwright', 'test', '-c', 'test/playwright.pictures.config.ts']],
];
for (const [command, words] of steps) {
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
