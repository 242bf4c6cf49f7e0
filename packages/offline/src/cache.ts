import type { Instant } from '@sallyport/basics';
import type { Store } from './ports.js';
import { type Watched, WatchedValue } from './watched.js';

/** A view as it was read, and when: screens say "as of" while the line is down. */
export interface Cached<View> {
  readonly view: View;
  /** The server's time of the reading. */
  readonly asOf: Instant;
  /** How far the device's wall clock was behind the server's then; absent in what older builds stored. */
  readonly offsetMs?: number;
}

/** One view of the server, kept over restarts. Only what a shared screen may show belongs here: no names (decision 23). */
export class CachedView<View> {
  readonly #store: Store;
  readonly #key: string;
  readonly #value = new WatchedValue<Cached<View> | null>(null);

  constructor(store: Store, key: string) {
    this.#store = store;
    this.#key = key;
  }

  get value(): Watched<Cached<View> | null> {
    return this.#value;
  }

  async load(): Promise<void> {
    const kept = (await this.#store.get('cache', this.#key)) as Cached<View> | undefined;
    if (kept && this.#value.get() === null) this.#value.set(kept);
  }

  /** Takes a fresh reading. Shown at once even if the store is full: a cache is not a promise. */
  async put(view: View, asOf: Instant, offsetMs: number): Promise<void> {
    const value = { view, asOf, offsetMs };
    this.#value.set(value);
    await this.#store.update([], () => [{ table: 'cache', key: this.#key, value }]).catch(() => undefined);
  }

  async clear(): Promise<void> {
    this.#value.set(null);
    await this.#store.update([], () => [{ table: 'cache', key: this.#key }]).catch(() => undefined);
  }
}
