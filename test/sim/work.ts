import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns of the event loop without new work after which nothing more follows from what happened. */
const QUIET_TURNS = 3;
/** Real work of one step takes milliseconds; this long means that something hangs. */
const PATIENCE_MS = 60_000;

/** Real work under way: requests in the server, statements, seals. Virtual time stands still until there is none. */
export class Work {
  readonly #open = new Map<number, string>();
  #next = 0;
  #tellEnd: () => void = () => undefined;

  async track<Value>(what: string, work: Promise<Value>): Promise<Value> {
    const key = this.#next;
    this.#next += 1;
    this.#open.set(key, what);
    try {
      return await work;
    } finally {
      this.#open.delete(key);
      if (this.#open.size === 0) this.#tellEnd();
    }
  }

  /** Resolves when everything has ended and nothing followed from it. @throws Error naming what hangs. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
      if (this.#open.size > 0) {
        await this.#ended();
        quiet = 0;
      }
      await nextTurn();
    }
    if (this.#open.size > 0) await this.settled();
  }

  /** Sleeps until nothing is open: whoever looked again and again would take the processor from the database that does the work. */
  #ended(): Promise<void> {
    return new Promise((resolve, reject) => {
      const hangs = () => reject(new Error(`still under way after ${PATIENCE_MS} ms: ${[...this.#open.values()].join(', ')}`));
      const patience = setTimeout(hangs, PATIENCE_MS);
      this.#tellEnd = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }
}
