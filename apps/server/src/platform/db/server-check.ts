import type { Pool } from 'pg';

/** The oldest PostgreSQL whose features the migrations use (major * 10000). */
const OLDEST_VERSION = 150_000;

/** Thrown when the database cannot keep the promises that the server makes; the message says what to change. */
export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError';
}

/**
 * Refuses a database that may lose acknowledged work in a power cut, or that is too old.
 * @throws UnfitDatabaseError naming the setting, its value and what to do.
 */
export async function checkDatabaseServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('server_version_num', 'fsync', 'full_page_writes')`,
  );
  const settings = new Map(rows.map((row) => [row.name, row.setting]));
  if (Number(settings.get('server_version_num')) < OLDEST_VERSION) {
    throw new UnfitDatabaseError(
      `PostgreSQL ${settings.get('server_version_num')} is too old. Use version 15 or newer, or leave DATABASE_URL out for the embedded one.`,
    );
  }
  for (const name of ['fsync', 'full_page_writes']) {
    if (settings.get(name) !== 'on') {
      throw new UnfitDatabaseError(
        `PostgreSQL runs with ${name} = ${settings.get(name)}, so a power cut could lose accepted commands. Set ${name} = on in postgresql.conf and reload.`,
      );
    }
  }
}
