import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { schemaSource } from './schema-source.js';
import { createTestDatabase } from './testing.js';

const FILE = fileURLToPath(new URL('./schema.ts', import.meta.url));

test('schema.ts tells what the migrations make (npm run db:types writes it)', async () => {
  const database = await createTestDatabase();
  const source = await schemaSource(database.pool);
  await database.drop();
  if (process.env['WRITE_SCHEMA'] === '1') await writeFile(FILE, source);
  expect(await readFile(FILE, 'utf8')).toBe(source);
});
