import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Binaries } from './binaries.js';
import { type Connection, connectDatabase } from './connect.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { migrate } from './migrate.js';

/** Where the run's PostgreSQL and its migrated template are found by every test file. */
const URL_VARIABLE = 'TEST_POSTGRES_URL';
const TEMPLATE = 'template_sallyport';
/** A test database lives as long as its test: waiting for the disk would prove nothing and takes half of the time. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const DEBIAN_PROGRAMS = '/usr/lib/postgresql';

export interface TestDatabase extends Connection {
  readonly url: string;
  /** Closes the connections and removes the database. */
  drop(): Promise<void>;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The newest PostgreSQL of the system's own packages; undefined where none is installed. */
export function systemBinaries(): Binaries | undefined {
  if (!existsSync(DEBIAN_PROGRAMS)) return undefined;
  const versions = readdirSync(DEBIAN_PROGRAMS).filter((version) => existsSync(path.join(DEBIAN_PROGRAMS, version, 'bin/postgres')));
  const version = versions.sort((a, b) => Number(b) - Number(a))[0];
  return version === undefined ? undefined : { home: path.join(DEBIAN_PROGRAMS, version), bin: path.join(DEBIAN_PROGRAMS, version, 'bin'), version };
}

export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one PostgreSQL for a whole run, with the migrated template that each test database is copied from. */
export async function startTestPostgres(binaries?: Binaries): Promise<TestPostgres> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'sallyport-test-'));
  const { chmod } = await import('node:fs/promises');
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => undefined, warn: () => undefined },
    onCrash: (message) => {
      throw new Error(message);
    },
    ...(binaries && { binaries }),
    settings: { max_connections: '200', ...NOT_DURABLE },
  });
  await administer(server.url, `create database ${TEMPLATE}`);
  const template = connectDatabase({ url: withDatabase(server.url, TEMPLATE), applicationName: 'template', onError: () => undefined });
  await migrate(template.pool);
  await template.close();
  process.env[URL_VARIABLE] = server.url;
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A fresh, migrated database of its own on the run's PostgreSQL. `empty` leaves the migrations out. */
export async function createTestDatabase(options: { readonly empty?: boolean; readonly maxConnections?: number } = {}): Promise<TestDatabase> {
  const base = process.env[URL_VARIABLE];
  if (!base) throw new Error(`${URL_VARIABLE} is not set: run this test in the vitest project "server", or call startTestPostgres first.`);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(base, `create database ${name}${options.empty ? '' : ` template ${TEMPLATE} strategy file_copy`}`);
  const url = withDatabase(base, name);
  const connection = connectDatabase({ url, applicationName: name, maxConnections: options.maxConnections ?? 10, onError: () => undefined });
  return {
    ...connection,
    url,
    drop: async () => {
      await connection.close();
      await administer(base, `drop database ${name} with (force)`);
    },
  };
}
