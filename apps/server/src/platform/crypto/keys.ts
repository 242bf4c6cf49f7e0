import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { must } from '@sallyport/basics';
import { type PublicJwk, publicJwk } from '@sallyport/contracts';
import { z } from 'zod';
import { intl } from './intl.js';
import type { CryptoProvider } from './provider.js';
import { type Unsealed, unseal } from './seal.js';

/** The folder of all keys below DATA_DIR. */
export const KEY_FOLDER = 'keys';
export const SERVER_KEY_FILE = 'server-keys.json';
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Whatever group and others may do. */
const FOREIGN_BITS = 0o077;
const SECRET_BYTES = 32;
const KID_BYTES = 6;

const secret = z.base64url().length(43);
const stored = z.strictObject({
  suite: z.literal('intl'),
  /** Newest last. Old ones stay: they outlive the longest outage of a terminal (decision 23). */
  seal: z.array(z.strictObject({ kid: z.string().min(1).max(64), jwk: publicJwk, secret })).min(1),
  fingerprint: secret,
  token: secret,
  code: secret,
  pin: secret,
});
type Stored = z.infer<typeof stored>;

/** What a secret is used for, so that a value made for one purpose never serves another. */
export type MacPurpose = 'fingerprint' | 'token' | 'code';

/** The server's secrets and what is done with them. They rest outside the database (decision 9a). */
export interface Keys {
  readonly provider: CryptoProvider;
  /** To which terminals seal from now on. */
  readonly sealKey: { readonly kid: string; readonly jwk: PublicJwk };
  /** HMAC key of PINs, for the person feature alone. */
  readonly pin: Buffer;
  /** Tells these keys from any others and gives nothing of them away. The sealing keys are no part of it: they grow in number. */
  readonly mark: string;
  unseal(sealed: string, commandId: string): Unsealed;
  mac(purpose: MacPurpose, text: string): Buffer;
}

function newSeal(provider: CryptoProvider): Stored['seal'][number] {
  const pair = provider.sealPair();
  return { kid: randomBytes(KID_BYTES).toString('base64url'), jwk: pair.jwk, secret: pair.secret.toString('base64url') };
}

function newKeys(provider: CryptoProvider): Stored {
  const chance = () => randomBytes(SECRET_BYTES).toString('base64url');
  return { suite: 'intl', seal: [newSeal(provider)], fingerprint: chance(), token: chance(), code: chance(), pin: chance() };
}

/** Writes a file whole or not at all. A file that another process made meanwhile stays. */
async function writeWhole(file: string, text: string): Promise<void> {
  const half = `${file}.${randomBytes(KID_BYTES).toString('hex')}`;
  const handle = await open(half, 'wx', FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A hard link fails where the name is taken: of two processes that start together the second reads the keys of the first.
  await link(half, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(half);
}

function keysOf(data: Stored, provider: CryptoProvider): Keys {
  const openers = new Map(data.seal.map((key) => [key.kid, provider.sealOpener(Buffer.from(key.secret, 'base64url'))]));
  const newest = must(data.seal.at(-1), 'seal key');
  const secrets = {
    fingerprint: Buffer.from(data.fingerprint, 'base64url'),
    token: Buffer.from(data.token, 'base64url'),
    code: Buffer.from(data.code, 'base64url'),
  };
  return {
    provider,
    sealKey: { kid: newest.kid, jwk: newest.jwk },
    pin: Buffer.from(data.pin, 'base64url'),
    mark: createHash('sha256').update(['sallyport-server-keys/1', data.fingerprint, data.token, data.code, data.pin].join('\n')).digest('base64url'),
    unseal: (sealed, commandId) => unseal(sealed, commandId, openers),
    mac: (purpose, text) => provider.mac(secrets[purpose], text),
  };
}

/** Keys that live as long as the process: for tests and the simulator. */
export function temporaryKeys(provider: CryptoProvider = intl): Keys {
  return keysOf(newKeys(provider), provider);
}

/** Group and others have no business here, whatever a copy or an unpacked backup left behind. */
async function keepPrivate(name: string, mode: number): Promise<void> {
  const { mode: found } = await stat(name);
  if ((found & FOREIGN_BITS) === 0) return;
  await chmod(name, mode).catch((cause: unknown) => {
    throw new Error(`${name} can be read by others on this machine and the server may not change that. Run: chmod ${mode.toString(8)} ${name}`, { cause });
  });
}

/** The first builds kept the file beside the folder: it moves, because new keys would make every stored PIN unreadable. */
async function adoptEarlierPlace(dir: string, file: string): Promise<void> {
  await rename(path.join(path.dirname(dir), SERVER_KEY_FILE), file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/**
 * Reads the server's keys from `dir` (DATA_DIR/keys, mode 0700), making them at the first start: one JSON file, mode 0600.
 * @throws Error when the file is there and damaged: new keys would make every stored PIN and every queued command unreadable.
 */
export async function loadKeys(dir: string, provider: CryptoProvider = intl): Promise<Keys> {
  await mkdir(dir, { recursive: true, mode: FOLDER_MODE });
  await keepPrivate(dir, FOLDER_MODE);
  const file = path.join(dir, SERVER_KEY_FILE);
  const read = () =>
    readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
  if ((await read()) === null) await adoptEarlierPlace(dir, file);
  if ((await read()) === null) await writeWhole(file, `${JSON.stringify(newKeys(provider), null, 2)}\n`);
  await keepPrivate(file, FILE_MODE);
  const parsed = stored.safeParse(asJson(must(await read(), 'key file')));
  if (!parsed.success) throw new Error(`The key file ${file} is damaged. Restore it from a backup; without it stored PINs and queued commands cannot be read.`);
  return keysOf(parsed.data, provider);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
