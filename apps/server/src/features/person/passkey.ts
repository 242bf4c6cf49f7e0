import { createHash } from 'node:crypto';
import type { Id } from '@sallyport/basics';
import type { Proof } from '@sallyport/contracts';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';

/** A person-bound passkey. */
export interface PersonPasskey {
  readonly credentialId: string;
  readonly person: Id;
  /** COSE key. */
  readonly publicKey: Uint8Array;
}

/** The WebAuthn challenge of an act: SHA-256 of its text in base64url, so that a terminal makes it off line (decision 9b). */
export function actChallenge(actText: string): string {
  return createHash('sha256').update(actText).digest('base64url');
}

/**
 * The signature counter when the assertion proves the person for this act, else null.
 * The counter is not compared: acts of two terminals can arrive in another order than they were made, and each act signs its own text.
 */
export async function passkeyProves(
  actText: string,
  proof: Extract<Proof, { kind: 'passkey' }>,
  passkey: PersonPasskey,
  cellOrigin: string,
): Promise<number | null> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: proof.credentialId,
        rawId: proof.credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: proof.clientDataJSON, authenticatorData: proof.authenticatorData, signature: proof.signature },
      },
      expectedChallenge: actChallenge(actText),
      expectedOrigin: cellOrigin,
      expectedRPID: new URL(cellOrigin).hostname,
      requireUserVerification: false,
      credential: { id: passkey.credentialId, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    // The library throws for everything that does not fit: another challenge, origin, key. Each means "not proved".
    return null;
  }
}
