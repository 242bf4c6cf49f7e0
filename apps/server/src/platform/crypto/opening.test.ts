import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PublicJwk } from '@sallyport/contracts';
import { CompactEncrypt, importJWK } from 'jose';
import { expect, test } from 'vitest';
import { createOpener, openInThread, temporaryKeys } from './index.js';

const keys = temporaryKeys();
const content = { body: { slot: '2026-11-22T12:00' } };
let made = 0;

async function sealedCommand() {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
  const publicKey: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
  const commandId = `command ${(made += 1)}`;
  const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: keys.sealKey.kid, cid: commandId })
    .encrypt(await importJWK({ ...keys.sealKey.jwk }, 'ECDH-ES'));
  const text = `the act ${commandId}`;
  const signature = sign('sha256', Buffer.from(text), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { device: `device ${made}`, publicKey, text, signature, commandId, sealed };
}

test('a command is opened only for the signature of its device', async () => {
  const opener = createOpener(keys);
  const command = await sealedCommand();
  expect(opener.open(command)).toMatchObject({ proved: true, unsealed: { ok: true, content } });
  expect(opener.open({ ...command, text: 'another act' })).toEqual({ proved: false, unsealed: null });
  expect(opener.open({ ...command, commandId: 'another' })).toEqual({ proved: true, unsealed: { ok: false, why: 'broken' } });
  expect(opener.verify({ ...command, publicKey: null })).toBe(false);
  const other = await sealedCommand();
  expect(opener.verify({ ...command, publicKey: other.publicKey }), 'a kept key serves no other').toBe(false);
});

test('where the thread cannot work, everything is opened on the spot, each in its order', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sp-opening-'));
  const told: unknown[] = [];
  // There is no compiled program beside the sources, so that the thread ends at once.
  const open = openInThread({ folder, fallback: createOpener(keys), onError: (error) => told.push(error) });
  const commands = await Promise.all(Array.from({ length: 40 }, sealedCommand));
  const order: number[] = [];
  await Promise.all(commands.map((command, index) => open(command).then(({ proved }) => proved && order.push(index))));
  expect(order).toEqual(commands.map((_, index) => index));
  await expect.poll(() => told.length, { timeout: 4_000 }).toBe(1);
  await rm(folder, { recursive: true });
});
