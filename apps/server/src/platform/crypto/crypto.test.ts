import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { calculateJwkThumbprint, CompactEncrypt, importJWK, type CompactJWEHeaderParameters } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { intl, loadKeys, SERVER_KEY_FILE, temporaryKeys } from './index.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});
async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), 'sallyport-keys-'));
  folders.push(made);
  return path.join(made, 'keys');
}

const keys = temporaryKeys();
async function seal(content: unknown, header: Partial<CompactJWEHeaderParameters> = {}, kid = keys.sealKey.kid): Promise<string> {
  const publicKey = await importJWK({ ...keys.sealKey.jwk }, 'ECDH-ES');
  return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid, cid: 'c1', ...header } as CompactJWEHeaderParameters)
    .encrypt(publicKey);
}

test('opens what the jose library seals, many keys over', async () => {
  for (let n = 0; n < 30; n += 1) expect(keys.unseal(await seal({ n }), 'c1')).toEqual({ ok: true, content: { n } });
});

test('a seal serves its own command and key only, and any changed part breaks it', async () => {
  const sealed = await seal({ body: {} });
  expect(keys.unseal(sealed, 'c2')).toEqual({ ok: false, why: 'broken' });
  expect(keys.unseal(await seal({}, {}, 'other'), 'c1')).toEqual({ ok: false, why: 'unknown-key' });
  expect(temporaryKeys().unseal(sealed, 'c1')).toEqual({ ok: false, why: 'unknown-key' });
  expect(keys.unseal(await seal({}, { enc: 'A128GCM' }), 'c1')).toEqual({ ok: false, why: 'broken' });
  const parts = sealed.split('.');
  for (const index of [0, 2, 3, 4]) {
    const changed = parts.map((part, at) => (at === index ? `${part.slice(0, -2)}${part.slice(-2) === 'AA' ? 'BB' : 'AA'}` : part)).join('.');
    expect(keys.unseal(changed, 'c1')).toEqual({ ok: false, why: 'broken' });
  }
  for (const text of ['', 'a.b.c.d.e', '....', `${sealed}.x`]) expect(keys.unseal(text, 'c1').ok).toBe(false);
});

test('a point off the curve is refused', () => {
  const { x = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  expect(intl.publicKey({ kty: 'EC', crv: 'P-256', x, y: x })).toBeNull();
});

test('thumbprints are those of RFC 7638', async () => {
  expect(intl.thumbprint(keys.sealKey.jwk)).toBe(await calculateJwkThumbprint({ ...keys.sealKey.jwk }));
});

test('keys are made once, readable by their owner only, and the same for two processes that start together', async () => {
  const dir = await folder();
  const [first, second] = await Promise.all([loadKeys(dir), loadKeys(dir)]);
  const third = await loadKeys(dir);
  expect(new Set([first, second, third].map((loaded) => JSON.stringify([loaded.sealKey, loaded.mac('code', 'x'), loaded.pin])))).toHaveProperty('size', 1);
  const [file, ...others] = await readdir(dir);
  expect(others).toEqual([]);
  expect((await stat(path.join(dir, file ?? ''))).mode & 0o777).toBe(0o600);
  expect(first.mac('code', 'x').equals(first.mac('token', 'x'))).toBe(false);
});

test('a damaged key file stops the start instead of being replaced', async () => {
  const dir = await folder();
  await loadKeys(dir);
  const [file] = await readdir(dir);
  await writeFile(path.join(dir, file ?? ''), '{"suite":"intl"}');
  await expect(loadKeys(dir)).rejects.toThrow(/damaged/);
});

test('keys of the first builds move into the folder, and what others could read is closed', async () => {
  const dir = await folder();
  const made = await loadKeys(dir);
  await rename(path.join(dir, SERVER_KEY_FILE), path.join(dir, '..', SERVER_KEY_FILE));
  await chmod(path.join(dir, '..', SERVER_KEY_FILE), 0o644);
  await chmod(dir, 0o755);
  const moved = await loadKeys(dir);
  expect(moved.mark).toBe(made.mark);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(dir, SERVER_KEY_FILE))).mode & 0o777).toBe(0o600);
  expect(temporaryKeys().mark).not.toBe(made.mark);
});
