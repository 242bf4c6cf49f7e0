import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/*
 * Everything the verifier needs to know about hashes and signatures, written a second time on purpose: a fault in the server's own
 * code must not hide itself. Nothing here imports the server. RFC 6962 hashing, RFC 8785 JSON, C2SP signed notes.
 */

export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const member = value as Record<string, unknown>;
  return `{${Object.keys(member)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(member[key])}`)
    .join()}}`;
}

export interface Header {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly contentHash: Buffer;
}

export function leafOf({ id, at, action, contentHash }: Header): Buffer {
  return sha256(Buffer.of(0), canonical({ v: 1, id, at, action, content: contentHash.toString('base64') }));
}

function parent(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.of(1), left, right);
}

/** A tree that grows leaf by leaf; position n holds the root of the whole subtree of 2^n leaves, where the size has that bit. */
export class GrowingTree {
  readonly #levels: (Buffer | undefined)[] = [];
  size = 0;

  /** `completed` hears of every whole subtree of 256^level leaves. */
  add(leaf: Buffer, completed: (level: number, index: number, hash: Buffer) => void): void {
    let hash = leaf;
    let height = 0;
    for (let left = this.#levels[0]; left; left = this.#levels[height]) {
      hash = parent(left, hash);
      this.#levels[height] = undefined;
      height += 1;
      if (height % 8 === 0) completed(height / 8, Math.floor(this.size / 2 ** height), hash);
    }
    this.#levels[height] = hash;
    this.size += 1;
  }

  root(): Buffer {
    const [first, ...rest] = this.#levels.filter((hash) => hash !== undefined);
    return first ? rest.reduce((right, left) => parent(left, right), first) : sha256();
  }
}

/** The root that a leaf and its path lead to (RFC 9162 §2.1.3.2); null when the path is too long or too short. */
export function rootFromPath(index: number, size: number, leaf: Buffer, path: readonly Buffer[]): Buffer | null {
  let [at, last, hash] = [BigInt(index), BigInt(size) - 1n, leaf];
  if (at < 0n || at > last) return null;
  for (const sibling of path) {
    if (last === 0n) return null;
    if (at % 2n === 1n || at === last) {
      hash = parent(sibling, hash);
      while (at !== 0n && at % 2n === 0n) [at, last] = [at / 2n, last / 2n];
    } else hash = parent(hash, sibling);
    [at, last] = [at / 2n, last / 2n];
  }
  return last === 0n ? hash : null;
}

export interface PublicKey {
  readonly name: string;
  readonly type: number;
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** Reads `name+id+base64`; throws with the reason. */
export function readKey(text: string): PublicKey {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const type = bytes[0] ?? 0;
  const known = sha256(`${name}\n`, bytes).subarray(0, 4);
  if (bytes.length !== 33 || known.toString('hex') !== id || !name) throw new Error('a key looks like name+0123abcd+base64; this one does not');
  return { name, type, id: known, key: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') } }) };
}

export interface Checkpoint {
  readonly text: string;
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly lines: readonly string[];
}

/** Takes a checkpoint note apart; null when it is none. */
export function readCheckpoint(note: string): Checkpoint | null {
  const border = note.lastIndexOf('\n\n');
  const text = note.slice(0, border + 1);
  const [origin, sizeText, rootText] = text.split('\n');
  const [size, root] = [Number(sizeText), Buffer.from(rootText ?? '', 'base64')];
  if (border < 0 || !origin || !/^\d+$/.test(sizeText ?? '') || !Number.isSafeInteger(size) || root.length !== 32) return null;
  return {
    text,
    origin,
    size,
    root,
    lines: note
      .slice(border + 2)
      .split('\n')
      .filter((line) => line !== ''),
  };
}

function signatureOf(line: string, key: PublicKey): Buffer | null {
  const [dash, name, encoded = ''] = line.split(' ');
  const bytes = Buffer.from(encoded, 'base64');
  return dash === '\u2014' && name === key.name && bytes.subarray(0, 4).equals(key.id) ? bytes.subarray(4) : null;
}

/** True when a line of the checkpoint is a good signature of this key. */
export function isSigned({ text, lines }: Checkpoint, key: PublicKey): boolean {
  return lines.some((line) => {
    const signature = signatureOf(line, key);
    return signature !== null && key.type === 1 && verify(null, Buffer.from(text), key.key, signature);
  });
}

/** True when the line is a good witness signature (tlog-cosignature) of this key; null when it is not of this key at all. */
export function isWitnessed({ text }: Checkpoint, line: string, key: PublicKey): boolean | null {
  const signature = signatureOf(line, key);
  if (signature === null) return null;
  if (key.type !== 4 || signature.length !== 72) return false;
  return verify(null, Buffer.from(`cosignature/v1\ntime ${signature.readBigUInt64BE(0)}\n${text}`), key.key, signature.subarray(8));
}
