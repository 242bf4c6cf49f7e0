import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '../support/site.js';
import { type Running, start } from './processes.js';

/** The demonstration's own site, for its officers and rosters. */
export interface DemoSite {
  readonly port: number;
  readonly dataDir: string;
  readonly server: Running;
}

export async function startDemo(size: string): Promise<DemoSite> {
  const port = await freePort();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sp-bench-'));
  const env = { DEMO: '1', SITE: size, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'info' };
  return { port, dataDir, server: await start({ program: 'apps/server/dist/main.js', env, ready: '"ready"' }) };
}

export async function stopDemo(site: DemoSite): Promise<void> {
  await site.server.stop();
  rmSync(site.dataDir, { recursive: true, force: true });
}

/** Asks the site's database. */
export async function askDatabase<Row extends pg.QueryResultRow>(site: DemoSite, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const { url } = JSON.parse(readFileSync(path.join(site.dataDir, 'postgres.json'), 'utf8')) as { url: string };
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  const { rows } = await db.query<Row>(text, [...values]);
  await db.end();
  return rows;
}
