import { timingSafeEqual } from 'node:crypto';
import { type Id, ID_PATTERN, type Instant, MINUTE, type Random } from '@sallyport/basics';
import type { Keys } from '../../platform/crypto/index.js';

/*
 * Session tokens and challenges carry what they say and the server's HMAC over it: nothing is stored, every process can check them.
 */

/** A challenge is answered at once or not at all. */
const NONCE_LIFE_MS = MINUTE;
const NONCE_BYTES = 16;
const LONGEST_TOKEN = 400;

function sealed(keys: Keys, purpose: string, parts: readonly (string | number)[]): string {
  const text = parts.join('~');
  return `${text}~${keys.mac('token', `${purpose}\n${text}`).toString('base64url')}`;
}

function unsealed(keys: Keys, purpose: string, token: string): string[] | null {
  const end = token.lastIndexOf('~');
  if (end < 0 || token.length > LONGEST_TOKEN) return null;
  const text = token.slice(0, end);
  const mac = Buffer.from(token.slice(end + 1), 'base64url');
  const own = keys.mac('token', `${purpose}\n${text}`);
  return mac.length === own.length && timingSafeEqual(mac, own) ? text.split('~') : null;
}

export function makeNonce(keys: Keys, random: Random, device: Id, now: Instant): string {
  const chance = Buffer.from(random.bytes(new Uint8Array(NONCE_BYTES))).toString('base64url');
  return sealed(keys, 'challenge', [device, now + NONCE_LIFE_MS, chance]);
}

/** `old` is worth another try with a new challenge. */
export function checkNonce(keys: Keys, nonce: string, device: Id, now: Instant): 'good' | 'old' | 'foreign' {
  const [owner, until] = unsealed(keys, 'challenge', nonce) ?? [];
  if (owner !== device) return 'foreign';
  return Number(until) > now ? 'good' : 'old';
}

/** Who a token belongs to. The place is the one at the time it was made. */
export interface TokenClaim {
  readonly device: Id;
  readonly expiresAt: Instant;
  readonly place: string;
}

export function makeToken(keys: Keys, { device, expiresAt, place }: TokenClaim): string {
  return sealed(keys, 'session', [device, expiresAt, place]);
}

const SCHEME = 'Device ';

/** The claim of an `Authorization: Device …` header, ended sessions too; null for anything that this server did not make. */
export function claimOf(keys: Keys, authorization: string | undefined): TokenClaim | null {
  if (!authorization?.startsWith(SCHEME)) return null;
  const [device, expiresAt, place] = unsealed(keys, 'session', authorization.slice(SCHEME.length)) ?? [];
  if (device === undefined || place === undefined || !ID_PATTERN.test(device)) return null;
  return { device, expiresAt: Number(expiresAt), place };
}
