import type { passkeyOptionsPath, Proof } from '@sallyport/contracts';
import type { Draft, Terminal } from '@sallyport/offline';
import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { actHash } from '../proof/act-hash';

const OPTIONS: typeof passkeyOptionsPath = '/api/terminal/passkey-options';
/** A person at the wall has this long to find and touch the own key. */
const TIMEOUT = 60_000;
/** ES256, EdDSA, RS256: what keys on the market can do. */
const ALGORITHMS = [-7, -8, -257] as const;

export interface PasskeyOptions {
  readonly rpId: string;
  readonly allowCredentials: readonly string[];
  readonly mayRegister: boolean;
  readonly registrationUser: string | null;
}

/** What the person of a bed may do with keys here; null without line or where it is not allowed. */
export async function passkeysOf(terminal: Terminal, bed: number): Promise<PasskeyOptions | null> {
  const answer = await terminal.ask(OPTIONS, { person: { bed } });
  return answer?.status === 200 ? (answer.json as PasskeyOptions) : null;
}

/** Lets the person's key sign the act. Null when it was not the person's key, or nobody touched one. */
export async function assertPasskey(terminal: Terminal, draft: Draft, bed: number, allowed: readonly string[]): Promise<Proof | null> {
  const options = await passkeysOf(terminal, bed);
  const rpId = options?.rpId ?? location.hostname;
  const allowCredentials = allowed.map((id) => ({ id, type: 'public-key' as const }));
  try {
    const { id, response } = await startAuthentication({
      optionsJSON: { challenge: await actHash(draft), rpId, allowCredentials, userVerification: 'discouraged', timeout: TIMEOUT },
    });
    const { authenticatorData, clientDataJSON, signature } = response;
    return { kind: 'passkey', person: { bed }, credentialId: id, authenticatorData, clientDataJSON, signature };
  } catch {
    return null;
  }
}

/** Makes a key of the person for this terminal's origin. The answer is the body's `registration`; null when nobody touched a key. */
export async function registerPasskey(options: PasskeyOptions, draft: Draft): Promise<Record<string, unknown> | null> {
  const user = options.registrationUser;
  if (user === null) return null;
  try {
    const made = await startRegistration({
      optionsJSON: {
        rp: { id: options.rpId, name: 'Sallyport' },
        user: { id: user, name: user, displayName: user },
        challenge: await actHash(draft),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' as const })),
        excludeCredentials: options.allowCredentials.map((id) => ({ id, type: 'public-key' as const })),
        authenticatorSelection: {
          authenticatorAttachment: 'cross-platform',
          residentKey: 'discouraged',
          requireResidentKey: false,
          userVerification: 'discouraged',
        },
        attestation: 'none',
        timeout: TIMEOUT,
      },
    });
    return { ...made };
  } catch {
    return null;
  }
}
