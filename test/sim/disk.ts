import type { Store, StoreChange, Table, Witness } from '@sallyport/offline';

/** Everything that a disk holds, as plain JSON. */
export type DiskContent = readonly (readonly [table: Table, key: string, value: unknown])[];

/** The disk of a terminal: what was written survives a restart of the pages on it, and an older image can be put back. */
export class Disk {
  #rows = new Map<string, readonly [Table, string, unknown]>();
  #witness: string | null = null;

  constructor(content: DiskContent = []) {
    this.restore(content);
  }

  image(): DiskContent {
    return structuredClone([...this.#rows.values()]);
  }

  restore(content: DiskContent): void {
    this.#rows = new Map(structuredClone(content).map((row) => [`${row[0]} ${row[1]}`, row]));
  }

  /** The store as a page sees it while `isOn`; afterwards nothing of that page reaches the disk. */
  store(isOn: () => boolean): Store {
    const valueOf = (table: Table, key: string) => structuredClone(this.#rows.get(`${table} ${key}`)?.[2]);
    return {
      get: (table, key) => Promise.resolve(valueOf(table, key)),
      all: (table) => Promise.resolve([...this.#rows.values()].filter((row) => row[0] === table).map((row) => structuredClone(row[2]))),
      update: (read, plan) => {
        if (!isOn()) return Promise.reject(new Error('the terminal is off'));
        for (const change of plan(read.map(([table, key]) => valueOf(table, key)))) this.#apply(change);
        return Promise.resolve();
      },
    };
  }

  #apply({ table, key, value }: StoreChange): void {
    const place = `${table} ${key}`;
    if (value === undefined) this.#rows.delete(place);
    else this.#rows.set(place, [table, key, structuredClone(value)]);
  }

  /** The second place, which an older image of the store does not touch. */
  witness(isOn: () => boolean): Witness {
    return {
      read: () => this.#witness,
      write: (text) => {
        if (isOn()) this.#witness = text;
      },
    };
  }
}
