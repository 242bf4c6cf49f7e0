#!/usr/bin/env node
// npm run --silent audit:witness: a second host signs that it saw the audit log, and that it only grew.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/platform/audit/witness-program.js', import.meta.url));
if (existsSync(program)) {
  const { auditWitness } = await import(program);
  process.exitCode = await auditWitness(process.argv.slice(2), process.env, (line) => process.stdout.write(`${line}\n`));
} else {
  process.stderr.write('Not possible: the program is not built yet. Run npm run build (npm start does it too).\n');
  process.exitCode = 1;
}
