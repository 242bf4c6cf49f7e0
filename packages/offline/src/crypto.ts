import type { PublicJwk, SealedContent } from '@sallyport/contracts';
import type { DeviceKey, Keys, Seal, SealKey } from './ports.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
/** Sealed content is filled to a multiple of this, so that a short and a long remark look alike. */
const PAD_BYTES = 256;

export function base64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function publicOnly(jwk: JsonWebKey): PublicJwk {
  return { kty: 'EC', crv: 'P-256', x: jwk.x ?? '', y: jwk.y ?? '' };
}

async function sign(key: CryptoKey, text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, new TextEncoder().encode(text))));
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** Keys of a browser: the private key lives in IndexedDB as a `CryptoKey` that script can use but never read. */
export const lockedKeys: Keys = {
  async create(): Promise<DeviceKey> {
    const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
    return { publicKey: publicOnly(await crypto.subtle.exportKey('jwk', pair.publicKey)), kept: pair.privateKey };
  },
  sign: (kept, text) => sign(kept as CryptoKey, text),
  sha256,
};

/** Keys of a command-line device, which has no key store: the private key is kept as JWK in a file that only its user can read. */
export const fileKeys: Keys = {
  async create(): Promise<DeviceKey> {
    const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    return { publicKey: publicOnly(await crypto.subtle.exportKey('jwk', pair.publicKey)), kept: await crypto.subtle.exportKey('jwk', pair.privateKey) };
  },
  async sign(kept, text) {
    return sign(await crypto.subtle.importKey('jwk', kept as JsonWebKey, ALGORITHM, false, ['sign']), text);
  },
  sha256,
};

/** The content as JSON filled with `pad` to the next multiple of `PAD_BYTES`. */
export function padded(content: SealedContent): Uint8Array {
  const encoder = new TextEncoder();
  const bare = encoder.encode(JSON.stringify({ ...content, pad: '' })).length;
  const filler = (PAD_BYTES - (bare % PAD_BYTES)) % PAD_BYTES;
  return encoder.encode(JSON.stringify({ ...content, pad: ' '.repeat(filler) }));
}

/** Compact JWE, ECDH-ES with A256GCM. The header names the server's key and the command, so a sealed PIN serves no other command. */
export const seal: Seal = async (content: SealedContent, key: SealKey, commandId: string) => {
  const { CompactEncrypt, importJWK } = await import('jose');
  const publicKey = await importJWK({ ...key.jwk }, 'ECDH-ES');
  return new CompactEncrypt(padded(content)).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: key.kid, cid: commandId }).encrypt(publicKey);
};
