import type { Clock, Instant } from '@sallyport/basics';
import type { Db } from '../db/index.js';

const KEY = 'clock-offset-ms';

/** The site's clock: the system's, moved ahead only in a demonstration. */
export interface SiteClock extends Clock {
  /**
   * Moves the clock ahead to `target` and keeps the distance in the database, so that it survives a restart.
   * @returns the time after the move. A target in the past changes nothing: the clock never goes backwards.
   */
  moveTo(target: Instant): Promise<Instant>;
  /** Takes over a move that another process of the same site has made. */
  refresh(): Promise<void>;
}

async function readOffset(db: Db): Promise<number> {
  const row = await db.selectFrom('site').select('value').where('key', '=', KEY).executeTakeFirst();
  return typeof row?.value === 'number' ? row.value : 0;
}

/** The clock of the site in `db`. `system` is the machine's, another one in tests. */
export async function createSiteClock(db: Db, system: Clock): Promise<SiteClock> {
  let offset = await readOffset(db);
  const now = (): Instant => system.now() + offset;
  return {
    now,
    monotonic: () => system.monotonic(),
    refresh: async () => {
      offset = Math.max(offset, await readOffset(db));
    },
    moveTo: async (target) => {
      const wanted = target - system.now();
      if (wanted > offset) {
        const value = JSON.stringify(wanted);
        await db
          .insertInto('site')
          .values({ key: KEY, value })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
          .execute();
        offset = wanted;
      }
      return now();
    },
  };
}

/** The machine's clock and its monotonic counter. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Math.floor(performance.now()),
};
