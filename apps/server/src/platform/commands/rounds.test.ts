import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rounds } from './rounds.js';

const item = fc.record({ orderKey: fc.constantFrom('a', 'b', 'c', 'd'), kind: fc.constantFrom('x', 'y', 'z') });

test('groups have one kind each, hold every command once, and keep the order of every key', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 50 }), (plain) => {
      const items = plain.map((one, index) => ({ ...one, index }));
      const groups = rounds(items);
      for (const group of groups) expect(new Set(group.map(({ kind }) => kind)).size).toBe(1);
      const done = groups.flat();
      expect(done.map(({ index }) => index).sort((a, b) => a - b)).toEqual(items.map(({ index }) => index));
      for (const key of ['a', 'b', 'c', 'd']) {
        const own = done.filter(({ orderKey }) => orderKey === key).map(({ index }) => index);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }),
  );
});

test('one kind from many keys is one group', () => {
  expect(rounds(['a', 'b', 'a', 'c'].map((orderKey) => ({ orderKey, kind: 'x' })))).toHaveLength(1);
});
