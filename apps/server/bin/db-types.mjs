// Writes apps/server/src/platform/db/schema.ts from a database migrated just now: npm run db:types
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const args = ['vitest', 'run', '--project', 'server', 'apps/server/src/platform/db/schema.server.test.ts'];
const { status } = spawnSync('npx', args, { cwd: root, stdio: 'inherit', env: { ...process.env, WRITE_SCHEMA: '1' } });
process.exit(status ?? 1);
