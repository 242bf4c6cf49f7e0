import type { PublicJwk } from '@sallyport/contracts';

/** The parts of a compact JWE. `header` is its text as sent, which the tag covers. */
export interface SealedParts {
  readonly ephemeral: PublicJwk;
  readonly header: string;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}
/** Opens a seal; null when any part was changed or was meant for another key. */
export type SealOpener = (parts: SealedParts) => Buffer | null;

/** Algorithms behind one face (decision 18): `intl` now, `gm` (SM2, SM3, SM4) where a facility is assessed for it. */
export interface CryptoProvider<VerifyKey = unknown> {
  readonly suite: string;
  sha256(text: string): Buffer;
  mac(key: Buffer, text: string): Buffer;
  /** A key to verify with; null where the JWK is no point of the curve. */
  publicKey(jwk: PublicJwk): VerifyKey | null;
  /** `signature` is base64url. */
  verify(key: VerifyKey, text: string, signature: string): boolean;
  /** RFC 7638, base64url. */
  thumbprint(jwk: PublicJwk): string;
  sealPair(): { readonly jwk: PublicJwk; readonly secret: Buffer };
  sealOpener(secret: Buffer): SealOpener;
}
