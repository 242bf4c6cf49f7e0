#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/platform/audit/verify-program.js', import.meta.url));
if (existsSync(program)) {
  const { auditVerify } = await import(program);
  process.exitCode = await auditVerify(process.argv.slice(2), process.env, (line) => process.stdout.write(`${line}\n`));
} else {
  process.stderr.write('Could not check: the program is not built yet. Run npm run build (npm start does it too).\n');
  process.exitCode = 2;
}
