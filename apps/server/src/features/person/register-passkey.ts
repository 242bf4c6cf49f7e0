import { type BodyOf, personRegisterPasskey, type ResultOf } from '@sallyport/contracts';
import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server';
import { z } from 'zod';
import { accepted, commandKind, type CommandKind, type CommandScope, type Handled, type Incoming, oneByOne, refused } from '../../platform/commands/kind.js';

type Register = typeof personRegisterPasskey;

/** Keys of one person: one in use and spares, not a drawer full. */
const MOST_KEYS = 3;

const text = z.string().max(16_384);
const registration = z.object({
  id: z.string().max(400),
  rawId: z.string().max(400),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()).default({}),
  response: z.object({ clientDataJSON: text, attestationObject: text, transports: z.array(z.string().max(20)).max(10).optional() }),
});

/**
 * The challenge is not compared: without attestation nothing signs a registration, so it would prove nothing. What binds the key to the
 * person is the act that carries it, signed for with the PIN while an officer's permission lasts; an old registration is known by its id.
 */
const anyChallenge = () => true;

async function verify(command: Incoming<BodyOf<Register>>, cellOrigin: string) {
  const parsed = registration.safeParse(command.body.registration);
  if (!parsed.success) return null;
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: parsed.data as unknown as RegistrationResponseJSON,
      expectedChallenge: anyChallenge,
      expectedOrigin: cellOrigin,
      expectedRPID: new URL(cellOrigin).hostname,
      requireUserVerification: false,
    });
    return verified ? registrationInfo.credential : null;
  } catch {
    // The library throws for whatever does not fit; each means "not a key made for this act".
    return null;
  }
}

async function register(scope: CommandScope, command: Incoming<BodyOf<Register>>, cellOrigin: string): Promise<Handled<ResultOf<Register>>> {
  const { trx, now } = scope;
  if (command.proof?.outcome !== 'proved') return refused('PROOF_MISSING', 'Prove with the PIN whose key this is.');
  const id = command.proof.person;
  const person = await trx
    .selectFrom('person')
    .select(['passkey_allowed_until', 'cell'])
    .where('id', '=', id)
    .where('state', '=', 'held')
    .forUpdate()
    .executeTakeFirst();
  if (!person) return refused('NOT_FOUND', 'There is no such person here.');
  if (person.passkey_allowed_until === null || person.passkey_allowed_until < now) {
    return refused('NOT_ALLOWED', 'An officer has to allow this first, for ten minutes.');
  }
  const credential = await verify(command, cellOrigin);
  if (!credential) return refused('PROOF_WRONG', 'The key could not be verified. Try again.');
  const held = await trx.selectFrom('person_passkey').select('credential_id').where('person_id', '=', id).execute();
  if (held.length >= MOST_KEYS) return refused('ALREADY_DONE', `A person has at most ${MOST_KEYS} keys.`);
  const inserted = await trx
    .insertInto('person_passkey')
    .values({
      credential_id: credential.id,
      person_id: id,
      public_key: Buffer.from(credential.publicKey),
      counter: credential.counter,
      created_at: new Date(now),
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning('credential_id')
    .executeTakeFirst();
  if (!inserted) return refused('ALREADY_DONE', 'This key is registered already.');
  await trx.updateTable('person').set({ passkey_allowed_until: null }).where('id', '=', id).execute();
  scope.hint({ topic: 'person', cell: person.cell });
  return accepted({ credentials: held.length + 1 });
}

/** A person's own key, registered at the wall after an officer allowed it, signed for with the PIN (decision 9b). */
export function registerPasskeyCommand(cellOrigin: string): CommandKind {
  return commandKind<Register>({
    contract: personRegisterPasskey,
    access: { by: 'device' },
    audit: ({ proof, actor }) => ({
      subjectKind: 'person',
      subjectId: proof?.person ?? null,
      cell: actor.kind === 'device' ? actor.cell : null,
    }),
    handle: oneByOne((scope, command) => register(scope, command, cellOrigin)),
  });
}
