import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool, PoolClient } from 'pg';

/** The house's own migrations, the same path from src and from dist. */
export const MIGRATIONS = fileURLToPath(new URL('../../../migrations/', import.meta.url));

/** One lock for all processes of a site: the second one waits and then finds nothing left to do. */
const MIGRATION_LOCK = 7_255_001;
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** Thrown when the files and the database do not tell the same story; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const numbers = new Set<string>();
  for (const name of names) {
    const number = FILE_NAME.exec(name)?.[1];
    if (!number) throw new MigrationError(`Migration ${name} must be named NNNN-some-words.sql.`);
    if (numbers.has(number)) throw new MigrationError(`Two migrations have the number ${number}. Give the newer one the next free number.`);
    numbers.add(number);
  }
  return Promise.all(
    names.map(async (name) => {
      const sql = (await readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

function checkHistory(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of applied) {
    if (!known.has(name))
      throw new MigrationError(`The database has migration ${name}, which this build does not know. Start a build at least as new as the one that wrote it.`);
    if (known.get(name) !== checksum)
      throw new MigrationError(`Migration ${name} was changed after it had been applied. Restore the file and put the change into a new migration.`);
  }
  const newest = [...applied.keys()].sort().at(-1) ?? '';
  const late = migrations.find((migration) => !applied.has(migration.name) && migration.name < newest);
  if (late) throw new MigrationError(`Migration ${late.name} comes before ${newest}, which is already applied. Give it the next free number.`);
}

async function applyOne(client: PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [migration.name, migration.checksum]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new MigrationError(`Migration ${migration.name} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function migrateLocked(client: PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(
    'create table if not exists schema_migration (name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp())',
  );
  const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from schema_migration');
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  checkHistory(applied, migrations);
  const waiting = migrations.filter((migration) => !applied.has(migration.name));
  for (const migration of waiting) await applyOne(client, migration);
  return waiting.map((migration) => migration.name);
}

/**
 * Brings the database forward, each file in a transaction of its own, in the order of their numbers.
 * @returns the names applied now.
 * @throws MigrationError when a file was changed, is unknown, comes too late, or fails.
 */
export async function migrate(pool: Pool, folder: string = MIGRATIONS): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await migrateLocked(client, migrations);
  } finally {
    // Closing the connection gives the lock back even when the database is in trouble.
    client.release(true);
  }
}
