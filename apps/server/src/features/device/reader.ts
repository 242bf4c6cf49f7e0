import type { Id } from '@sallyport/basics';
import { sql } from 'kysely';
import type { Db } from '../../platform/db/index.js';

export interface DeviceRow {
  readonly id: Id;
  readonly place: string;
  readonly state: string;
  readonly public_key: unknown;
}

interface Asked {
  readonly id: Id;
  resolve(row: DeviceRow | null): void;
  reject(error: unknown): void;
}

/** Statements under way at once: a second one, so that a slow one does not hold up everybody. */
const SIDE_BY_SIDE = 2;
/** Devices of one statement. */
const MOST_AT_ONCE = 500;

/**
 * Reads devices by id. Whoever asks while statements are under way shares the next one: a whole house that comes back or signs in at the
 * same moment costs a few statements and not one each, and whoever comes alone waits for nobody. Every read begins after it was asked for.
 */
export function createDeviceReader(db: Db): (id: Id) => Promise<DeviceRow | null> {
  const waiting: Asked[] = [];
  let running = 0;

  async function read(asked: readonly Asked[]): Promise<void> {
    try {
      const ids = [...new Set(asked.map(({ id }) => id))];
      const { rows } = await sql<DeviceRow>`select id, place, state, public_key from device where id = any(${ids}::uuid[])`.execute(db);
      const found = new Map(rows.map((row) => [row.id, row]));
      for (const { id, resolve } of asked) resolve(found.get(id) ?? null);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  async function drain(): Promise<void> {
    running += 1;
    while (waiting.length > 0) await read(waiting.splice(0, MOST_AT_ONCE));
    running -= 1;
  }

  return (id) =>
    new Promise((resolve, reject) => {
      waiting.push({ id, resolve, reject });
      if (running < SIDE_BY_SIDE) void drain();
    });
}
