import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { verifierOf, verifierText } from './note.js';

/** Private key of the log (PKCS#8 PEM, mode 0600) and its public half as a verifier text, below DATA_DIR. */
export const KEY_FILE = 'keys/audit-key.pem';
export const VERIFIER_FILE = 'audit-verifier';

/** The name under which a site signs. */
export function auditOrigin(site: string): string {
  return `sallyport/${site}`;
}

/**
 * The site's signing key, made at the first start. The file is written whole or not at all, and never over an older one: a lost key
 * would end the log. Also writes the verifier text beside it, to be copied to where this server cannot reach it.
 * @throws Error when the key file is damaged.
 */
export async function loadAuditKey(dataDir: string, origin: string): Promise<KeyObject> {
  const file = path.join(dataDir, KEY_FILE);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  const key = readKey(stored ?? (await makeKey(file)), file);
  await writeFile(path.join(dataDir, VERIFIER_FILE), `${verifierText(verifierOf(origin, key))}\n`);
  return key;
}

function readKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`The key file ${file} is damaged. Restore it from a backup; the audit log can only be continued with its own key.`, { cause });
  }
}

async function makeKey(file: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const half = `${file}.${randomUUID()}`;
  await writeFile(half, pem, { mode: 0o600, flush: true });
  // A hard link fails where the name is taken: of two processes that start together the second reads the key of the first.
  await link(half, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(half);
  return readFile(file, 'utf8');
}
