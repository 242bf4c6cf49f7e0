import { type Id, must } from '@sallyport/basics';
import type { Keys } from '../../platform/crypto/index.js';

/** Digits and letters without look-alikes: no 0, 1, I, L, O. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const HALF = 4;
/** Bytes from here on would favour the first letters. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/**
 * The code of an enrolment, e.g. K7MT-3QXZ: made from its id by the server's key, so that it rests nowhere and a repeated command
 * gives the same one again.
 */
export function enrolmentCodeOf(keys: Keys, enrolment: Id): string {
  let letters = '';
  for (let round = 0; letters.length < 2 * HALF; round += 1) {
    for (const byte of keys.mac('code', `enrolment\n${enrolment}\n${round}`)) {
      if (byte < FAIR_BYTES && letters.length < 2 * HALF) letters += must(ALPHABET[byte % ALPHABET.length], 'letter');
    }
  }
  return `${letters.slice(0, HALF)}-${letters.slice(HALF)}`;
}

/** What the database holds of a code: the first half finds the enrolment, the whole opens it. */
export function codeMacs(keys: Keys, code: string): { lookup: Buffer; whole: Buffer } {
  const letters = code.replace('-', '');
  return { lookup: keys.mac('code', `lookup\n${letters.slice(0, HALF)}`), whole: keys.mac('code', `whole\n${letters}`) };
}
