import type { AuditProof } from '@sallyport/contracts';

/*
 * The check that an inspector sees on the screen: RFC 6962 hashing and RFC 9162 inclusion, over what the server has sent. It shows how the
 * proof works; who trusts nothing of this server runs audit:verify elsewhere, which checks the signature as well.
 */

export interface ProofFindings {
  /** Whether the content is the one whose hash the log holds; null where retention has erased it. */
  readonly content: boolean | null;
  /** Whether the path leads from the record to the root of the checkpoint. */
  readonly included: boolean;
  readonly steps: number;
  readonly leafIndex: number;
  /** Records that the checkpoint covers; null when the checkpoint cannot be read. */
  readonly size: number | null;
  readonly root: string | null;
}

const encoder = new TextEncoder();

/** RFC 8785 for what the audit holds: members in code-unit order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

function parent(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(Uint8Array.of(1), left, right);
}

/** The root that a leaf and its path lead to (RFC 9162 §2.1.3.2); null when the path is too long or too short. */
async function rootFromPath(index: number, size: number, leaf: Uint8Array, path: readonly Uint8Array[]): Promise<Uint8Array | null> {
  let [at, last, hash] = [index, size - 1, leaf];
  if (at < 0 || at > last) return null;
  const half = (n: number) => Math.floor(n / 2);
  for (const sibling of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await parent(sibling, hash);
      while (at !== 0 && at % 2 === 0) [at, last] = [half(at), half(last)];
    } else hash = await parent(hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? hash : null;
}

/** Checks a proof step by step. Never throws: what cannot be read is not included. */
export async function checkProof({ record, leafIndex, path, checkpoint }: AuditProof): Promise<ProofFindings> {
  const [, sizeText = '', root = ''] = checkpoint.split('\n');
  const size = /^\d+$/.test(sizeText) ? Number(sizeText) : null;
  const { id, at, action, contentHash, content } = record;
  const hashed = content && base64Of(await sha256(encoder.encode(canonical(content))));
  const leaf = await sha256(Uint8Array.of(0), encoder.encode(canonical({ v: 1, id, at, action, content: contentHash })));
  const reached = size === null ? null : await rootFromPath(leafIndex, size, leaf, path.map(bytesOf));
  return {
    content: hashed === null ? null : hashed === contentHash,
    included: reached !== null && base64Of(reached) === root,
    steps: path.length,
    leafIndex,
    size,
    root: size === null ? null : root,
  };
}
