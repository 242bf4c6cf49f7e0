import { expect, test } from 'vitest';
import { ReaderTries } from './reader-tries';

test('after three failures the reader rests for this bed and no other, for five minutes', () => {
  const tries = new ReaderTries();
  for (let at = 0; at < 3; at += 1) tries.failed(3, at);
  expect([tries.spent(3, 3), tries.spent(4, 3)]).toEqual([true, false]);
  expect([tries.spent(3, 299_999), tries.spent(3, 300_002)]).toEqual([true, false]);
});

test('a person who is recognised begins anew', () => {
  const tries = new ReaderTries();
  tries.failed(3, 0);
  tries.failed(3, 1);
  tries.proved(3);
  tries.failed(3, 2);
  expect(tries.spent(3, 3)).toBe(false);
});
