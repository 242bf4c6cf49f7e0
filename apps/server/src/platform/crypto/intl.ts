import { type KeyObject, createECDH, createDecipheriv, createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { stableJson } from '@sallyport/basics';
import type { PublicJwk } from '@sallyport/contracts';
import type { CryptoProvider, SealOpener } from './provider.js';

const CURVE = 'prime256v1';
const KEY_BITS = 256;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** ES256 in IEEE P1363 form: r and s, 32 bytes each. */
const SIGNATURE_BYTES = 64;

function lengthPrefixed(bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes.length);
  return Buffer.concat([prefix, bytes]);
}

const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** OtherInfo of RFC 7518 §4.6.2 for A256GCM without party names: always the same. */
const OTHER_INFO = Buffer.concat([lengthPrefixed(Buffer.from('A256GCM')), number(0), number(0), number(KEY_BITS)]);

/** Concat KDF with one round of SHA-256, which gives exactly the 256 bits. */
function contentKey(shared: Buffer): Buffer {
  return createHash('sha256').update(number(1)).update(shared).update(OTHER_INFO).digest();
}

function point(jwk: PublicJwk): Buffer {
  return Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]);
}

/** Content keys kept at most: one for each device of a large site. */
const KEPT_KEYS = 4_096;

/**
 * ECDH-ES on P-256 with A256GCM. The library refuses a point that is not on the curve. A device that seals several commands with one
 * ephemeral key, or sends one again, costs the agreement (the dearest step of a command) only once.
 */
function sealOpener(privateKey: Buffer): SealOpener {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(privateKey);
  const kept = new Map<string, Buffer>();
  const keyFor = (ephemeral: PublicJwk): Buffer => {
    const name = ephemeral.x + ephemeral.y;
    const known = kept.get(name);
    if (known) return known;
    const key = contentKey(pair.computeSecret(point(ephemeral)));
    if (kept.size >= KEPT_KEYS) kept.clear();
    kept.set(name, key);
    return key;
  };
  return ({ ephemeral, header, iv, ciphertext, tag }) => {
    try {
      if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return null;
      const decipher = createDecipheriv('aes-256-gcm', keyFor(ephemeral), iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(header, 'ascii'));
      decipher.setAuthTag(tag);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    } catch {
      return null;
    }
  };
}

/** The suite of NIST curves and SHA-2, on node:crypto without a hop to another thread: each step takes about 0.1 ms. */
export const intl: CryptoProvider<KeyObject> = {
  suite: 'intl',
  sha256: (text) => createHash('sha256').update(text).digest(),
  mac: (key, text) => createHmac('sha256', key).update(text).digest(),
  publicKey(jwk) {
    try {
      return createPublicKey({ key: jwk, format: 'jwk' });
    } catch {
      return null;
    }
  },
  verify(key, text, signature) {
    const bytes = Buffer.from(signature, 'base64url');
    return bytes.length === SIGNATURE_BYTES && verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes);
  },
  thumbprint: (jwk) => createHash('sha256').update(stableJson(jwk)).digest('base64url'),
  sealPair() {
    const pair = createECDH(CURVE);
    const open = pair.generateKeys();
    const jwk: PublicJwk = { kty: 'EC', crv: 'P-256', x: open.subarray(1, 33).toString('base64url'), y: open.subarray(33).toString('base64url') };
    // A private key with leading zeros comes shorter; stored it always has 32 bytes.
    const secret = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);
    return { jwk, secret };
  },
  sealOpener,
};
