#!/usr/bin/env node
// npm run --silent access:recover: the way back when no security administrator can sign in any more.
import { webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/recover-cli.js', import.meta.url));
if (existsSync(program)) {
  const { accessRecover } = await import(program);
  const random = { bytes: (array) => webcrypto.getRandomValues(array) };
  process.exitCode = await accessRecover(process.argv.slice(2), { env: process.env, random, print: (line) => process.stdout.write(`${line}\n`) });
} else {
  process.stderr.write('Not possible: the program is not built yet. Run npm run build (npm start does it too).\n');
  process.exitCode = 1;
}
