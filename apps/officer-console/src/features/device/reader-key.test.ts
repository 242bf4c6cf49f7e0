import { expect, test } from 'vitest';
import { readKey, thumbprintOf } from './reader-key';

/** The key of RFC 7517, appendix A.1. */
const KEY = { kty: 'EC', crv: 'P-256', x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' } as const;

test('a public key is taken, a private one and anything else is not', () => {
  expect(readKey(JSON.stringify(KEY))).toEqual(KEY);
  expect(readKey(JSON.stringify({ ...KEY, d: '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE' }))).toBeNull();
  expect(readKey('{')).toBeNull();
});
test('the thumbprint is that of RFC 7638', async () => {
  expect(await thumbprintOf(KEY)).toBe('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s');
});
