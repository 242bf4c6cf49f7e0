import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Store, StoreChange, Table } from '../ports.js';

type Content = Partial<Record<Table, Record<string, unknown>>>;

/** A store in one JSON file of a folder: small, for a command-line device. A write is a new file, flushed and renamed, so it is whole or not at all. */
export class FileStore implements Store {
  readonly #folder: string;
  #content: Content;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, content: Content) {
    this.#folder = folder;
    this.#content = content;
  }

  /** Opens the folder, made with mode 0700 where it is missing. Rejects when the file is there but cannot be read. */
  static async open(folder: string): Promise<FileStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const text = await readFile(path.join(folder, 'store.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    return new FileStore(folder, JSON.parse(text) as Content);
  }

  get(table: Table, key: string): Promise<unknown> {
    return Promise.resolve(structuredClone(this.#content[table]?.[key]));
  }

  all(table: Table): Promise<unknown[]> {
    return Promise.resolve(structuredClone(Object.values(this.#content[table] ?? {})));
  }

  update(read: readonly (readonly [Table, string])[], plan: (values: unknown[]) => readonly StoreChange[]): Promise<void> {
    const next = this.#writing.then(async () => {
      const content = structuredClone(this.#content);
      for (const { table, key, value } of plan(read.map(([name, key]) => content[name]?.[key]))) {
        const rows = content[table] ?? {};
        if (value === undefined) delete rows[key];
        else rows[key] = value;
        content[table] = rows;
      }
      await this.#persist(content);
      this.#content = content;
    });
    this.#writing = next.catch(() => undefined);
    return next;
  }

  async #persist(content: Content): Promise<void> {
    const target = path.join(this.#folder, 'store.json');
    const file = await open(`${target}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${target}.new`, target);
    const folder = await open(this.#folder, 'r');
    await folder.sync().finally(() => folder.close());
  }
}
