import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KEY_FILE, loadAuditKey, VERIFIER_FILE } from './key.js';
import { parseVerifier, verifierOf, verifierText } from './note.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'audit-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the key is made once, also when two processes start together, and only its owner reads it', async () => {
  const keys = await Promise.all([loadAuditKey(folder, 'sallyport/a'), loadAuditKey(folder, 'sallyport/a')]);
  const again = await loadAuditKey(folder, 'sallyport/a');
  for (const key of keys) expect(key.equals(again)).toBe(true);
  expect((await stat(path.join(folder, KEY_FILE))).mode & 0o777).toBe(0o600);
});

test('the verifier beside it is the public half under the name of the site', async () => {
  const key = await loadAuditKey(folder, 'sallyport/a');
  const text = await readFile(path.join(folder, VERIFIER_FILE), 'utf8');
  expect(text.trim()).toBe(verifierText(verifierOf('sallyport/a', key)));
  expect(parseVerifier(text).ok).toBe(true);
});

test('a damaged key stops the start: a new one would end the log', async () => {
  await loadAuditKey(folder, 'sallyport/a');
  await writeFile(path.join(folder, KEY_FILE), 'damaged');
  await expect(loadAuditKey(folder, 'sallyport/a')).rejects.toThrow('Restore it from a backup');
});
