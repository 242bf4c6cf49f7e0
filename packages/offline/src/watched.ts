/** A value that can be read at any time and whose changes can be watched; fits `useSyncExternalStore`. */
export interface Watched<Value> {
  get(): Value;
  subscribe(listener: () => void): () => void;
}

/** A `Watched` that its owner sets. Listeners run after the change, each once. */
export class WatchedValue<Value> implements Watched<Value> {
  #value: Value;
  readonly #listeners = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(value: Value): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}
