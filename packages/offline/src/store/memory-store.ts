import type { Store, StoreChange, Table } from '../ports.js';

/** A store in memory, for tests and simulations. Values are cloned both ways, as a real store would. */
export class MemoryStore implements Store {
  readonly #tables = new Map<Table, Map<string, unknown>>();

  #table(name: Table): Map<string, unknown> {
    const table = this.#tables.get(name) ?? new Map<string, unknown>();
    this.#tables.set(name, table);
    return table;
  }

  get(table: Table, key: string): Promise<unknown> {
    return Promise.resolve(structuredClone(this.#table(table).get(key)));
  }

  all(table: Table): Promise<unknown[]> {
    return Promise.resolve([...this.#table(table).values()].map((value) => structuredClone(value)));
  }

  update(read: readonly (readonly [Table, string])[], plan: (values: unknown[]) => readonly StoreChange[]): Promise<void> {
    const changes = plan(read.map(([table, key]) => structuredClone(this.#table(table).get(key))));
    for (const { table, key, value } of changes) {
      if (value === undefined) this.#table(table).delete(key);
      else this.#table(table).set(key, structuredClone(value));
    }
    return Promise.resolve();
  }
}
