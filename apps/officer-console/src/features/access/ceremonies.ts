import {
  ceremonyOptions,
  linkPath,
  linkResponse,
  lockPath,
  registrationOptionsPath,
  registrationPath,
  signInOptionsPath,
  signInPath,
  signOutPath,
  stepUpOptionsPath,
  stepUpPath,
} from '@sallyport/contracts';
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import { postJson } from '../../platform/api';

/** Redeems a one-time link; says whether a passkey has to be made before the console opens. */
export async function redeemLink(token: string): Promise<'register-passkey' | 'signed-in'> {
  return linkResponse.parse(await postJson(linkPath, { token })).next;
}

/** Makes a passkey of this officer on this machine. Throws what the browser throws when the officer cancels. */
export async function registerPasskey(): Promise<void> {
  const { ceremony, options } = ceremonyOptions.parse(await postJson(registrationOptionsPath, {}));
  const response = await startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON });
  await postJson(registrationPath, { ceremony, response });
}

async function prove(optionsPath: string, answerPath: string): Promise<void> {
  const { ceremony, options } = ceremonyOptions.parse(await postJson(optionsPath, {}));
  const response = await startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON });
  await postJson(answerPath, { ceremony, response });
}

/** Signs in, or unlocks the session of the same officer. */
export function signInWithPasskey(): Promise<void> {
  return prove(signInOptionsPath, signInPath);
}

/** A fresh proof before a sensitive act. */
export function stepUp(): Promise<void> {
  return prove(stepUpOptionsPath, stepUpPath);
}

export async function signOut(): Promise<void> {
  await postJson(signOutPath, {});
}

export async function lock(): Promise<void> {
  await postJson(lockPath, {});
}
