import type { Instant } from '@sallyport/basics';
import { Kysely, PostgresDialect, type RawBuilder, type Transaction, sql } from 'kysely';
import pg from 'pg';
import { typeParsers } from './parsers.js';
import { preparingClient } from './prepared.js';
import type { Schema } from './schema.js';

/** The database as every feature sees it. */
export type Db = Kysely<Schema>;
/** An open transaction. A function that takes one never commits by itself. */
export type Trx = Transaction<Schema>;

export interface Connection {
  readonly db: Db;
  readonly pool: pg.Pool;
  /** Waits for running queries, then closes every connection. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly url: string;
  /** Shown in pg_stat_activity, so that an operator sees who holds a lock. */
  readonly applicationName: string;
  /** Connections of this process; default 20, measured best for two cores. */
  readonly maxConnections?: number;
  /** A connection that breaks while idle. The pool replaces it; the caller logs it. */
  readonly onError: (error: Error) => void;
}

const DEFAULT_CONNECTIONS = 20;
/** A request that waits longer for a connection is better refused than queued. */
const CONNECT_TIMEOUT_MS = 10_000;
/** No statement of the server needs longer; one that does is stopped before it holds locks for ever. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** A pool and a query builder on the database at `url`. Opens no connection until the first query. */
export function connectDatabase(options: ConnectOptions): Connection {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? DEFAULT_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    options: '-c TimeZone=UTC -c DateStyle=ISO',
    types: typeParsers,
    Client: preparingClient(),
  });
  pool.on('error', options.onError);
  pool.on('connect', (client) => client.on('error', options.onError));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}

/** An instant as a value of the database, for `values`, `set` and `where` alike: `where('due_at', '<=', at(now))`. */
export function at(instant: Instant): RawBuilder<Instant & Date> {
  return sql<Instant & Date>`${new Date(instant)}::timestamptz`;
}
