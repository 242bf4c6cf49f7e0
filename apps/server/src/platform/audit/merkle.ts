import { createHash } from 'node:crypto';
import { assert, must } from '@sallyport/basics';

/*
 * Merkle tree of RFC 6962 §2.1 (the same in RFC 9162 §2.1). Pure; sizes are safe integers, so no bit operators, which stop at 32 bits.
 * A proof is first planned as spans of leaves and then read, so that the same plan serves a list in memory and a table.
 */

export type Hash = Buffer;
/** Leaves `from` up to, not including, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
/** The root of a whole subtree: `index` counts subtrees of 256^level leaves from the left. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
  readonly hash: Hash;
}

/** Height of the subtrees that are stored: 2^8 = 256 leaves and powers of that. */
export const SUBTREE_HEIGHT = 8;

const LEAF_PREFIX = Buffer.of(0);
const NODE_PREFIX = Buffer.of(1);

export function leafHash(data: Uint8Array): Hash {
  return createHash('sha256').update(LEAF_PREFIX).update(data).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  return createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest();
}

/** Root of the empty tree. */
export function emptyRoot(): Hash {
  return createHash('sha256').digest();
}

/** The largest power of two smaller than `size` (k of the RFC); `size` at least 2. */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** MTH: the root over leaf hashes, in memory. */
export function rootOf(hashes: readonly Uint8Array[]): Hash {
  if (hashes.length === 0) return emptyRoot();
  if (hashes.length === 1) return Buffer.from(must(hashes[0], 'leaf'));
  const split = splitPoint(hashes.length);
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

/** PATH: whose roots make the inclusion proof of leaf `index` in a tree of `size` leaves, in the RFC's order. */
export function inclusionSpans(index: number, size: number): Span[] {
  assert(index >= 0 && index < size, 'a leaf of the tree');
  return pathSpans(index, { from: 0, to: size });
}

function pathSpans(index: number, { from, to }: Span): Span[] {
  if (to - from === 1) return [];
  const middle = from + splitPoint(to - from);
  return index < middle ? [...pathSpans(index, { from, to: middle }), { from: middle, to }] : [...pathSpans(index, { from: middle, to }), { from, to: middle }];
}

/** PROOF: whose roots prove that the tree of `older` leaves is the beginning of the tree of `newer` leaves. */
export function consistencySpans(older: number, newer: number): Span[] {
  assert(older > 0 && older <= newer, 'an older tree that is not empty');
  return subproofSpans(older, { from: 0, to: newer }, true);
}

function subproofSpans(older: number, { from, to }: Span, whole: boolean): Span[] {
  if (older === to) return whole ? [] : [{ from, to }];
  const middle = from + splitPoint(to - from);
  if (older <= middle) return [...subproofSpans(older, { from, to: middle }, whole), { from: middle, to }];
  return [...subproofSpans(older, { from: middle, to }, false), { from, to: middle }];
}

/** The whole subtrees, largest first, that a tree of `size` leaves consists of. */
export function peakSpans(size: number): Span[] {
  const spans: Span[] = [];
  let from = 0;
  while (from < size) {
    let width = 1;
    while (from + width * 2 <= size) width *= 2;
    spans.push({ from, to: from + width });
    from += width;
  }
  return spans;
}

/** True when `path` leads from the leaf to the root. */
export function verifyInclusion(index: number, size: number, leaf: Uint8Array, path: readonly Uint8Array[], root: Uint8Array): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  const spans = inclusionSpans(index, size);
  if (spans.length !== path.length) return false;
  const reached = path.reduce<Uint8Array>(
    (hash, sibling, step) => (must(spans[step], 'span').from > index ? nodeHash(hash, sibling) : nodeHash(sibling, hash)),
    leaf,
  );
  return same(reached, root);
}

/** True when `path` proves that the tree (`newer`, `newerRoot`) continues the tree (`older`, `olderRoot`). */
export function verifyConsistency(older: number, newer: number, olderRoot: Uint8Array, newerRoot: Uint8Array, path: readonly Uint8Array[]): boolean {
  if (!Number.isSafeInteger(older) || older < 1 || older > newer) return false;
  const spans = consistencySpans(older, newer);
  if (spans.length !== path.length) return false;
  const known = new Map(spans.map((span, step) => [spanKey(span), must(path[step], 'proof hash')]));
  // Where the older tree is itself a node of the newer one the proof leaves it out: its root is what the caller holds.
  const isNode = older === newer || splitPoint(older + 1) === older;
  if (isNode) known.set(spanKey({ from: 0, to: older }), olderRoot);
  return same(rootFrom(known, { from: 0, to: older }), olderRoot) && same(rootFrom(known, { from: 0, to: newer }), newerRoot);
}

function spanKey({ from, to }: Span): string {
  return `${from}-${to}`;
}

/** Root of a span, built from the roots that a proof gives. */
function rootFrom(known: ReadonlyMap<string, Uint8Array>, span: Span): Uint8Array {
  const given = known.get(spanKey(span));
  if (given) return given;
  assert(span.to - span.from > 1, 'a planned proof covers every leaf');
  const middle = span.from + splitPoint(span.to - span.from);
  return nodeHash(rootFrom(known, { from: span.from, to: middle }), rootFrom(known, { from: middle, to: span.to }));
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** The right border of a growing tree: all that appending needs to know. */
export class Frontier {
  #peaks: Hash[];
  #size: number;

  /** `peaks` are the roots of `peakSpans(size)`. */
  constructor(size = 0, peaks: readonly Hash[] = []) {
    assert(peakSpans(size).length === peaks.length, 'one hash per peak');
    this.#size = size;
    this.#peaks = [...peaks];
  }

  get size(): number {
    return this.#size;
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#peaks);
  }

  /** Adds a leaf hash; returns the stored-size subtrees that it completed. */
  append(leaf: Hash): Subtree[] {
    const completed: Subtree[] = [];
    let hash = leaf;
    let index = this.#size;
    for (let height = 1; index % 2 === 1; height += 1) {
      hash = nodeHash(must(this.#peaks.pop(), 'peak'), hash);
      index = (index - 1) / 2;
      if (height % SUBTREE_HEIGHT === 0) completed.push({ level: height / SUBTREE_HEIGHT, index, hash });
    }
    this.#peaks.push(hash);
    this.#size += 1;
    return completed;
  }

  root(): Hash {
    return this.#peaks.length === 0 ? emptyRoot() : this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}
