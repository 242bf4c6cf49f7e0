import type { Random } from '@sallyport/basics';
import type { Keys } from '../../platform/crypto/index.js';

const TOKEN_BYTES = 32;

/** A random 256-bit token in base64url. */
export function newToken(random: Random): string {
  return Buffer.from(random.bytes(new Uint8Array(TOKEN_BYTES))).toString('base64url');
}

/** What rests in the database of a session's token or of a one-time link: an HMAC, so that a copy of the database opens no door. */
export function tokenHash(keys: Keys, purpose: 'session' | 'link', token: string): Buffer {
  return keys.mac('token', `sallyport-${purpose}/1\n${token}`);
}

/** The token of the link that a command makes: derived from the command id, so that the same command repeated gives the same link again. */
export function linkTokenOf(keys: Keys, commandId: string): string {
  return keys.mac('code', `sallyport-link-of/1\n${commandId}`).toString('base64url');
}
