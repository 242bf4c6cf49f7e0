import { type Id, MINUTE } from '@sallyport/basics';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { CommandScope } from '../../platform/commands/kind.js';
import { at } from '../../platform/db/index.js';

type Kind = 'register' | 'sign-in' | 'step-up';

/** A WebAuthn ceremony under way. */
export interface Ceremony {
  readonly challenge: string;
  readonly officer: Id | null;
  readonly session: Id | null;
}

/** Longer than any browser waits for a passkey. */
const CEREMONY_MS = 5 * MINUTE;

/** Notes a challenge, and clears away those that nobody answered. */
export async function beginCeremony(scope: CommandScope, kind: Kind, ceremony: Ceremony): Promise<Id> {
  const { trx, now } = scope;
  const id = scope.newId();
  await trx.deleteFrom('access_ceremony').where('expires_at', '<', at(now)).execute();
  await trx
    .insertInto('access_ceremony')
    .values({ id, kind, challenge: ceremony.challenge, officer_id: ceremony.officer, session_id: ceremony.session, expires_at: new Date(now + CEREMONY_MS) })
    .execute();
  return id;
}

/** Takes a ceremony out: its challenge serves once, whatever the answer is worth. Null when it is unknown, of another kind or too old. */
export async function takeCeremony({ trx, now }: CommandScope, kind: Kind, id: Id): Promise<Ceremony | null> {
  const row = await trx
    .deleteFrom('access_ceremony')
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('expires_at', '>', at(now))
    .returningAll()
    .executeTakeFirst();
  return row ? { challenge: row.challenge, officer: row.officer_id, session: row.session_id } : null;
}

const text = z.string().max(16_384);
const shared = {
  id: z.string().max(1_400),
  rawId: z.string().max(1_400),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()),
};
const registration = z.object({
  ...shared,
  response: z.object({ clientDataJSON: text, attestationObject: text, transports: z.array(z.string().max(20)).max(10).optional() }),
});
const authentication = z.object({
  ...shared,
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: z.string().max(200).optional() }),
});

/** The browser's registration as the library reads it; null when members are missing or too long. */
export function registrationOf(response: unknown): RegistrationResponseJSON | null {
  const parsed = registration.safeParse(response);
  return parsed.success ? (parsed.data as unknown as RegistrationResponseJSON) : null;
}

/** The browser's assertion as the library reads it; null when members are missing or too long. */
export function authenticationOf(response: unknown): AuthenticationResponseJSON | null {
  const parsed = authentication.safeParse(response);
  return parsed.success ? (parsed.data as unknown as AuthenticationResponseJSON) : null;
}
