import { type IDBPDatabase, openDB } from 'idb';
import type { Store, StoreChange, Table } from '../ports.js';

const NAME = 'sallyport';
/** Grows by one with each new table. Tables and members are only ever added: a queue outlives many builds. */
const VERSION = 1;
const TABLES: readonly Table[] = ['meta', 'outbox', 'cache'];
/** `indexedDB.open` is known to hang for ever when another page holds an old version. */
const OPEN_TIMEOUT = 5_000;
const OPEN_TRIES = 3;

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** What goes wrong while the store is in use: `closed` means that the browser closed it under us (disk full, wiped) or a new build needs it. */
export interface StoreEvents {
  closed(): void;
}

async function openOnce(events: StoreEvents): Promise<IDBPDatabase> {
  let timedOut = false;
  const opening = openDB(NAME, VERSION, {
    upgrade(database, from) {
      if (from < 1) for (const table of TABLES) database.createObjectStore(table);
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      events.closed();
    },
    terminated: () => events.closed(),
  });
  const timeout = new Promise<never>((_resolve, reject) => {
    setTimeout(() => {
      timedOut = true;
      reject(new StoreUnavailable('opening the store took too long'));
    }, OPEN_TIMEOUT);
  });
  // A store that opens after we gave up must not block the next try.
  opening.then((database) => timedOut && database.close()).catch(() => undefined);
  return Promise.race([opening, timeout]);
}

/** The store of a browser. Every write is strict: on disk before it counts. */
export class IdbStore implements Store {
  readonly #database: IDBPDatabase;

  private constructor(database: IDBPDatabase) {
    this.#database = database;
  }

  /** Opens the store, in three tries of five seconds. Throws `StoreUnavailable`. */
  static async open(events: StoreEvents): Promise<IdbStore> {
    let cause: unknown;
    for (let attempt = 0; attempt < OPEN_TRIES; attempt += 1) {
      try {
        return new IdbStore(await openOnce(events));
      } catch (error) {
        cause = error;
      }
    }
    throw new StoreUnavailable('the store does not open', { cause });
  }

  get(table: Table, key: string): Promise<unknown> {
    return this.#database.get(table, key);
  }

  all(table: Table): Promise<unknown[]> {
    return this.#database.getAll(table);
  }

  async update(read: readonly (readonly [Table, string])[], plan: (values: unknown[]) => readonly StoreChange[]): Promise<void> {
    const transaction = this.#database.transaction([...TABLES], 'readwrite', { durability: 'strict' });
    try {
      const values = await Promise.all(read.map(([table, key]) => transaction.objectStore(table).get(key) as Promise<unknown>));
      for (const { table, key, value } of plan(values)) {
        const writing = value === undefined ? transaction.objectStore(table).delete(key) : transaction.objectStore(table).put(value, key);
        // The transaction's own end reports the failure; this only keeps it from being reported twice.
        writing.catch(() => undefined);
      }
    } catch (error) {
      transaction.done.catch(() => undefined);
      transaction.abort();
      throw error;
    }
    await transaction.done;
  }

  close(): void {
    this.#database.close();
  }
}
