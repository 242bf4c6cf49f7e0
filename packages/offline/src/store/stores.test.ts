import 'fake-indexeddb/auto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FileStore } from '../node/file-store.js';
import type { Store } from '../ports.js';
import { IdbStore } from './idb-store.js';
import { MemoryStore } from './memory-store.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'sallyport-store-'));
  folders.push(made);
  return made;
}

const stores: Record<string, () => Promise<Store>> = {
  memory: () => Promise.resolve(new MemoryStore()),
  IndexedDB: () => IdbStore.open({ closed: () => undefined }),
  file: async () => FileStore.open(await folder()),
};

describe.each(Object.entries(stores))('%s store', (_name, open) => {
  test('reads what was written and forgets what was removed', async () => {
    const store = await open();
    await store.update([], () => [
      { table: 'outbox', key: 'a', value: { n: 1 } },
      { table: 'outbox', key: 'b', value: { n: 2 } },
    ]);
    await store.update([], () => [{ table: 'outbox', key: 'a' }]);
    expect(await store.get('outbox', 'a')).toBeUndefined();
    expect(await store.all('outbox')).toEqual([{ n: 2 }]);
  });

  test('updates that run at once each see the one before', async () => {
    const store = await open();
    const add = (): Promise<void> => store.update([['meta', 'n']], ([n]) => [{ table: 'meta', key: 'n', value: ((n as number | undefined) ?? 0) + 1 }]);
    await Promise.all([add(), add(), add(), add()]);
    expect(await store.get('meta', 'n')).toBe(4);
  });

  test('a plan that fails writes nothing', async () => {
    const store = await open();
    const failing = async (): Promise<void> =>
      store.update([['meta', 'x']], () => {
        throw new Error('no');
      });
    await expect(failing()).rejects.toThrow('no');
    await store.update([], () => [{ table: 'meta', key: 'x', value: 1 }]);
    expect(await store.get('meta', 'x')).toBe(1);
  });
});

test('writes to IndexedDB are strict: on disk before they count', async () => {
  const store = await IdbStore.open({ closed: () => undefined });
  const seen: unknown[] = [];
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...parts: Parameters<typeof transaction>) {
    seen.push(parts[1], parts[2]?.durability);
    return transaction.apply(this, parts);
  };
  await store.update([], () => [{ table: 'meta', key: 's', value: 1 }]);
  IDBDatabase.prototype.transaction = transaction;
  expect(seen).toEqual(['readwrite', 'strict']);
});

test('a page with a newer build makes an old one let go of the store', async () => {
  let closed = 0;
  await IdbStore.open({ closed: () => (closed += 1) });
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open('sallyport', 99);
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error ?? new Error('open'));
  });
  expect(closed).toBeGreaterThan(0);
});

test('the file store survives a restart and a torn new file beside it', async () => {
  const place = await folder();
  await (await FileStore.open(place)).update([], () => [{ table: 'outbox', key: 'a', value: 1 }]);
  await writeFile(path.join(place, 'store.json.new'), '{"outbox":{"a"');
  expect(await (await FileStore.open(place)).all('outbox')).toEqual([1]);
  expect(JSON.parse(await readFile(path.join(place, 'store.json'), 'utf8'))).toEqual({ outbox: { a: 1 } });
});
