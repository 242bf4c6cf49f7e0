import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '@sallyport/basics';
import type { Keys } from '../../platform/crypto/index.js';

export const PIN_SALT_BYTES = 16;
const PIN_RANGE = 1_000_000;

/** HMAC-SHA-256 of salt and PIN under the site's PIN key (decision 9a): what guards a PIN is the count of tries, not a slow hash. */
export function pinHash(key: Uint8Array, salt: Uint8Array, pin: string): Buffer {
  return createHmac('sha256', key).update(salt).update(pin, 'utf8').digest();
}

/** Whether a PIN is the one whose hash rests here; takes the same time either way. */
export function pinMatches(key: Uint8Array, salt: Uint8Array, hash: Uint8Array, pin: string): boolean {
  return timingSafeEqual(pinHash(key, salt, pin), hash);
}

/** PINs that anybody tries first: one digit repeated, or a run up or down. */
function isObvious(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  const [only] = steps;
  return steps.size === 1 && only !== undefined && Math.abs(only) <= 1;
}

/** Six digits, every value alike likely but for the obvious ones, which are drawn again. */
export function newPin(random: Random): string {
  const limit = Math.floor(2 ** 32 / PIN_RANGE) * PIN_RANGE;
  for (;;) {
    const bytes = random.bytes(new Uint8Array(4));
    const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    const pin = String(value % PIN_RANGE).padStart(6, '0');
    if (value < limit && !isObvious(pin)) return pin;
  }
}

/** The PIN that a command gives: derived from the command's id, so that the same command repeated tells the same PIN and none rests in the database. */
export function pinOf(keys: Keys, commandId: string): string {
  let round = 0;
  const bytes = (array: Uint8Array) => {
    array.set(keys.mac('code', `sallyport-pin-of/1\n${commandId}\n${round}`).subarray(0, array.length));
    round += 1;
    return array;
  };
  return newPin({ bytes });
}

/** Salt and hash of a PIN, ready to be stored. */
export function sealPin(key: Uint8Array, random: Random, pin: string): { salt: Buffer; hash: Buffer } {
  const salt = Buffer.from(random.bytes(new Uint8Array(PIN_SALT_BYTES)));
  return { salt, hash: pinHash(key, salt, pin) };
}

/** An opaque WebAuthn user name: it stands in the key's memory and must tell nobody who the person is. */
export function newPasskeyUser(random: Random): string {
  return `p-${Buffer.from(random.bytes(new Uint8Array(PIN_SALT_BYTES))).toString('hex')}`;
}
