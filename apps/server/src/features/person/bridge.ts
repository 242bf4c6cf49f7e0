import { createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { type Instant, stableJson } from '@sallyport/basics';
import { bridgeText, type Proof, publicJwk } from '@sallyport/contracts';
import type { Keys } from '../../platform/crypto/index.js';

type BridgeProof = Extract<Proof, { kind: 'bridge' }>;

const MAC_BYTES = 16;

function nonceMac(keys: Keys, place: string, issuedAt: string): Buffer {
  return keys.mac('token', `sallyport-bridge-nonce/1\n${place}\n${issuedAt}`).subarray(0, MAC_BYTES);
}

/**
 * A nonce for the reader at a place. It proves that the signature was made after the server spoke to this place; the command id,
 * which is signed too and answered once, keeps it from serving twice.
 */
export function bridgeNonce(keys: Keys, place: string, now: Instant): string {
  const issuedAt = String(now);
  return Buffer.concat([nonceMac(keys, place, issuedAt), Buffer.from(issuedAt)]).toString('base64url');
}

/** Whether the server made this nonce for this place. */
export function isBridgeNonce(keys: Keys, place: string, nonce: string): boolean {
  const bytes = Buffer.from(nonce, 'base64url');
  if (bytes.length <= MAC_BYTES) return false;
  return timingSafeEqual(bytes.subarray(0, MAC_BYTES), nonceMac(keys, place, bytes.subarray(MAC_BYTES).toString('utf8')));
}

/** What a reader signs about a person and an act. */
export function signedByBridge(actText: string, { nonce, reader, person }: Pick<BridgeProof, 'reader' | 'person' | 'nonce'>): string {
  return bridgeText({ nonce, reader, person: stableJson(person), actHash: createHash('sha256').update(actText).digest('base64url') });
}

/** Whether the registered reader at a place vouches for the person and this act. */
export function bridgeProves(act: { actText: string; place: string }, proof: BridgeProof, jwk: unknown, keys: Keys): boolean {
  const key = publicJwk.safeParse(jwk);
  if (!key.success || !isBridgeNonce(keys, act.place, proof.nonce)) return false;
  const publicKey = createPublicKey({ key: key.data, format: 'jwk' });
  const signature = Buffer.from(proof.signature, 'base64url');
  return verify('sha256', Buffer.from(signedByBridge(act.actText, proof)), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}
