import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { PersonRef, Proof, PublicJwk, ReaderKind } from '@sallyport/contracts';
import { signedByBridge } from '../../apps/server/src/features/person/bridge.js';
import { intl } from '../../apps/server/src/platform/crypto/index.js';

/** A reader beside a terminal, in software: it recognises whom it is told to, and signs as the device bridge does. */
export class BridgeSimulator {
  readonly publicJwk: PublicJwk;
  /** Thumbprint of the key, as the reader shows it to whoever registers it. */
  readonly id: string;
  private readonly privateKey: KeyObject;

  constructor(readonly reader: ReaderKind = 'fingerprint') {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
    this.privateKey = pair.privateKey;
    this.publicJwk = { kty: 'EC', crv: 'P-256', x, y };
    this.id = intl.thumbprint(this.publicJwk);
  }

  /** The proof that this person stands before the reader and does this act. `nonce` comes from the server. */
  recognise(person: PersonRef, actText: string, nonce: string, reader = this.reader): Extract<Proof, { kind: 'bridge' }> {
    const text = signedByBridge(actText, { reader, person, nonce });
    return { kind: 'bridge', person, reader, bridgeId: this.id, nonce, signature: this.sign(text) };
  }

  /** Signs a text as it stands (`bridgeText`), for a bridge that was given the act's hash alone. */
  sign(text: string): string {
    return sign('sha256', Buffer.from(text), { key: this.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }
}
