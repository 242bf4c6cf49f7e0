import type { Id } from '@sallyport/basics';
import { ADMIN_ROLES } from '@sallyport/domain';
import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Ceremony } from './ceremonies.js';
import { type Denied, denied } from './context.js';
import type { Officer } from './store.js';

/** Where officers' passkeys belong: the console's origin and its host name. */
export interface RelyingParty {
  readonly origin: string;
  readonly rpId: string;
}

export interface StoredPasskey {
  readonly credentialId: string;
  readonly officer: Id;
  readonly publicKey: Uint8Array;
  readonly counter: number;
}

const NOT_VALID = denied(422, 'PASSKEY_NOT_VALID', 'The passkey could not be verified. Try again, and use a key that asks for a PIN or a fingerprint.');
const SYNCED = denied(
  422,
  'PASSKEY_MAY_LEAVE',
  'Administrators need a passkey that stays in its device; this one can be copied to others. Use a security key or the passkey of this machine.',
);

/** The library throws for whatever does not fit: challenge, origin, RP id, flags, key. To the caller each means the same. */
async function quietly<Value>(work: Promise<Value>): Promise<Value | null> {
  try {
    return await work;
  } catch {
    return null;
  }
}

/** Credential ids of an officer's passkeys that have not ended. */
export async function passkeysOfOfficer({ trx }: Pick<CommandScope, 'trx'>, officer: Id): Promise<string[]> {
  const rows = await trx.selectFrom('officer_passkey').select('credential_id').where('officer_id', '=', officer).where('ended_at', 'is', null).execute();
  return rows.map((row) => row.credential_id);
}

/**
 * Checks a registration and stores the passkey. User verification is required. The keys of administrators must not be backup-eligible:
 * what can be copied to other devices would hand a third of the power to whoever holds the copy (reliability, "Officers").
 */
export async function registerPasskey(
  { trx, now }: CommandScope,
  officer: Officer,
  response: RegistrationResponseJSON,
  ceremony: Ceremony,
  party: RelyingParty,
): Promise<{ credentialId: string } | Denied> {
  const verified = await quietly(
    verifyRegistrationResponse({
      response,
      expectedChallenge: ceremony.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.rpId,
      requireUserVerification: true,
    }),
  );
  if (!verified?.verified) return NOT_VALID;
  const { credential, credentialDeviceType } = verified.registrationInfo;
  const backupEligible = credentialDeviceType === 'multiDevice';
  if (backupEligible && officer.posts.some((post) => ADMIN_ROLES.includes(post.role))) return SYNCED;
  const inserted = await trx
    .insertInto('officer_passkey')
    .values({
      credential_id: credential.id,
      officer_id: officer.id,
      public_key: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      backup_eligible: backupEligible,
      created_at: new Date(now),
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning('credential_id')
    .executeTakeFirst();
  return inserted ? { credentialId: credential.id } : denied(409, 'PASSKEY_KNOWN', 'This passkey is registered already.');
}

/** The passkey of an assertion, its row locked; null when it is unknown or ended. */
export async function findPasskey({ trx }: CommandScope, credentialId: string): Promise<StoredPasskey | null> {
  const row = await trx
    .selectFrom('officer_passkey')
    .selectAll()
    .where('credential_id', '=', credentialId)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row ? { credentialId: row.credential_id, officer: row.officer_id, publicKey: row.public_key, counter: row.counter } : null;
}

/** Whether the assertion proves the holder of the passkey now, with user verification. Notes the counter, which must rise where a key has one. */
export async function assertPasskey(
  { trx, now }: CommandScope,
  passkey: StoredPasskey,
  response: AuthenticationResponseJSON,
  ceremony: Ceremony,
  party: RelyingParty,
): Promise<boolean> {
  const verified = await quietly(
    verifyAuthenticationResponse({
      response,
      expectedChallenge: ceremony.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.rpId,
      requireUserVerification: true,
      credential: { id: passkey.credentialId, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter },
    }),
  );
  if (!verified?.verified) return false;
  await trx
    .updateTable('officer_passkey')
    .set({ counter: verified.authenticationInfo.newCounter, last_used_at: new Date(now) })
    .where('credential_id', '=', passkey.credentialId)
    .execute();
  return true;
}
