import { must } from '@sallyport/basics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consistencySpans,
  emptyRoot,
  Frontier,
  type Hash,
  inclusionSpans,
  leafHash,
  peakSpans,
  rootOf,
  type Span,
  verifyConsistency,
  verifyInclusion,
} from './merkle.js';

/** The leaves and roots of the Certificate Transparency reference implementation (merkle_tree_test). */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) =>
  leafHash(Buffer.from(hex, 'hex')),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const PATHS: readonly (readonly [leaf: number, size: number, path: readonly string[]])[] = [
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
];
const CONSISTENCY: readonly (readonly [older: number, newer: number, path: readonly string[]])[] = [
  [1, 1, []],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 5, ['5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b']],
];

const hex = (hashes: readonly Hash[]) => hashes.map((hash) => hash.toString('hex'));
const roots = (leaves: readonly Hash[], spans: readonly Span[]) => spans.map(({ from, to }) => rootOf(leaves.slice(from, to)));
const numbered = (size: number) => Array.from({ length: size }, (_, index) => leafHash(Buffer.from(String(index))));

describe('known vectors of RFC 6962', () => {
  test('the empty tree and eight growing trees have the published roots', () => {
    expect(emptyRoot().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(LEAVES.map((_, index) => rootOf(LEAVES.slice(0, index + 1)).toString('hex'))).toEqual(ROOTS);
  });

  test('inclusion proofs are the published ones', () => {
    for (const [leaf, size, path] of PATHS) expect(hex(roots(LEAVES, inclusionSpans(leaf, size)))).toEqual(path);
  });

  test('consistency proofs are the published ones', () => {
    for (const [older, newer, path] of CONSISTENCY) expect(hex(roots(LEAVES, consistencySpans(older, newer)))).toEqual(path);
  });
});

const treeAndLeaf = fc.integer({ min: 1, max: 600 }).chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
const flip = (hash: Hash) => Buffer.from(hash.map((byte, index) => (index === 7 ? byte ^ 1 : byte)));

describe('for trees of any size', () => {
  test('every leaf is proved included, and by nothing but its own proof', () => {
    fc.assert(
      fc.property(treeAndLeaf, ([size, index]) => {
        const leaves = numbered(size);
        const [leaf, root, path] = [must(leaves[index], 'leaf'), rootOf(leaves), roots(leaves, inclusionSpans(index, size))];
        expect(verifyInclusion(index, size, leaf, path, root)).toBe(true);
        expect(verifyInclusion(index, size, flip(leaf), path, root)).toBe(false);
        expect(verifyInclusion(index, size, leaf, path, flip(root))).toBe(false);
        expect(verifyInclusion(index, size, leaf, [...path, root], root)).toBe(false);
        path.forEach((hash, step) => expect(verifyInclusion(index, size, leaf, path.with(step, flip(hash)), root)).toBe(false));
        if (size > 1) expect(verifyInclusion((index + 1) % size, size, leaf, path, root)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('every older tree is proved to be the beginning, and a rewritten one is not', () => {
    fc.assert(
      fc.property(treeAndLeaf, ([newer, index]) => {
        const older = index + 1;
        const leaves = numbered(newer);
        const [before, after, path] = [rootOf(leaves.slice(0, older)), rootOf(leaves), roots(leaves, consistencySpans(older, newer))];
        expect(verifyConsistency(older, newer, before, after, path)).toBe(true);
        expect(verifyConsistency(older, newer, flip(before), after, path)).toBe(false);
        expect(verifyConsistency(older, newer, before, flip(after), path)).toBe(false);
        path.forEach((hash, step) => expect(verifyConsistency(older, newer, before, after, path.with(step, flip(hash)))).toBe(false));
        const rewritten = leaves.with(index, leafHash(Buffer.from('other')));
        expect(verifyConsistency(older, newer, before, rootOf(rewritten), roots(rewritten, consistencySpans(older, newer)))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('the frontier grows to the same root, from any start, and names the subtrees of 256', () => {
    fc.assert(
      fc.property(treeAndLeaf, ([size, start]) => {
        const leaves = numbered(size);
        const frontier = new Frontier(start, roots(leaves, peakSpans(start)));
        const completed = leaves.slice(start).flatMap((leaf) => frontier.append(leaf));
        expect(frontier.size).toBe(size);
        expect(frontier.root()).toEqual(rootOf(leaves));
        const first = Math.floor(start / 256);
        expect(completed).toEqual(
          Array.from({ length: Math.floor(size / 256) - first }, (_, step) => ({
            level: 1,
            index: first + step,
            hash: rootOf(leaves.slice((first + step) * 256, (first + step + 1) * 256)),
          })),
        );
      }),
      { numRuns: 40 },
    );
  });
});
