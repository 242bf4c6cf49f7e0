import { createHash } from 'node:crypto';
import { DAY, MINUTE, stableJson } from '@sallyport/basics';
import { actText, type PersonRef, type Proof } from '@sallyport/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bridgeNonce } from '../../apps/server/src/features/person/bridge.js';
import { createCheckProofs, createPerson, peopleOfCells } from '../../apps/server/src/features/person/index.js';
import { seedPin, seedSite } from '../../apps/server/src/features/demo/index.js';
import { createWorld, type World } from '../../apps/server/src/features/person/world.fixture.js';
import type { DeviceActor, ProofCheck, ProofVerdict } from '../../apps/server/src/platform/commands/kind.js';
import { CELL_ORIGIN } from '../support/app.js';
import { BridgeSimulator } from '../support/bridge.js';
import { VirtualPasskey } from '../support/passkey.js';

let world: World;
let device: DeviceActor;
const checkProofs = createCheckProofs(CELL_ORIGIN);

beforeEach(async () => {
  world = await createWorld();
  await world.transact((scope) => seedSite(scope, 'county', () => Promise.resolve()));
  device = { kind: 'device', id: world.newId(), place: 'cell:0101', cell: '0101', state: 'active' };
});
afterEach(() => world.drop());

async function someone(index = 0, cell = '0101') {
  const person = (await peopleOfCells(world.db, [cell]))[index];
  if (!person) throw new Error('the cell is empty');
  return { ...person, pin: seedPin('county', person.number) };
}

interface Act {
  readonly kind?: string;
  readonly from?: DeviceActor;
  /** How long before now the act was made. */
  readonly ago?: number;
}
function checkOf(proof: Proof | ((text: string) => Proof), { kind = 'duty.sign-in', from = device, ago = 0 }: Act = {}): ProofCheck {
  const commandId = world.newId();
  const text = actText({ id: commandId, kind, madeAt: new Date(world.now - ago).toISOString() }, stableJson({ person: { bed: 1 } }));
  const made = typeof proof === 'function' ? proof(text) : proof;
  return { commandId, kind, proof: made, device: from, actText: text, correctedAt: world.now - ago, receivedAt: world.now };
}
const judge = (...checks: ProofCheck[]): Promise<readonly ProofVerdict[]> => world.transact((scope) => checkProofs(scope, checks));
const pin = (person: PersonRef, digits: string): Proof => ({ kind: 'pin', person, pin: digits });
const outcomes = (verdicts: readonly ProofVerdict[]) => verdicts.map((verdict) => verdict.outcome);
const wrongOf = (right: string) => (right === '135790' ? '135791' : '135790');

describe('PINs', () => {
  test('a bed or a number means the person of this cell, and the right PIN proves', async () => {
    const person = await someone();
    const stranger = await someone(0, '0102');
    const verdicts = await judge(
      checkOf(pin({ bed: person.bed }, person.pin)),
      checkOf(pin({ number: person.number }, person.pin)),
      checkOf(pin({ number: stranger.number }, stranger.pin)),
      checkOf(pin({ bed: 40 }, person.pin)),
    );
    expect(outcomes(verdicts)).toEqual(['proved', 'proved', 'unknown-person', 'unknown-person']);
    expect(verdicts[0]?.person).toBe(person.id);
  });

  test('three wrong tries at one act end at "call an officer"; another kind of act and the next slot begin anew', async () => {
    const person = await someone();
    const wrong = () => checkOf(pin({ bed: person.bed }, wrongOf(person.pin)));
    expect(outcomes(await judge(wrong(), wrong(), wrong(), wrong(), checkOf(pin({ bed: person.bed }, person.pin))))).toEqual([
      'wrong',
      'wrong',
      'wrong',
      'locked',
      'locked',
    ]);
    expect(outcomes(await judge(checkOf(pin({ bed: person.bed }, person.pin), { kind: 'duty.handover' })))).toEqual(['proved']);
    world.now += 121 * MINUTE;
    expect(outcomes(await judge(checkOf(pin({ bed: person.bed }, person.pin))))).toEqual(['proved']);
  });

  test('six wrong tries within an hour lock the PIN for everything, for half an hour', async () => {
    const person = await someone();
    for (const kind of ['duty.sign-in', 'duty.handover']) {
      for (let tries = 0; tries < 3; tries += 1) await judge(checkOf(pin({ bed: person.bed }, wrongOf(person.pin)), { kind }));
    }
    const other = () => checkOf(pin({ bed: person.bed }, person.pin), { kind: 'roll-call.answer' });
    expect(outcomes(await judge(other()))).toEqual(['locked']);
    world.now += 31 * MINUTE;
    expect(outcomes(await judge(other()))).toEqual(['proved']);
  });

  test('wrong tries replayed from one outbox count once toward the lock', async () => {
    const person = await someone();
    const replayed = (ago: number) => checkOf(pin({ bed: person.bed }, wrongOf(person.pin)), { ago });
    const day = Array.from({ length: 8 }, (_, index) => replayed((index + 1) * 130 * MINUTE));
    expect(new Set(outcomes(await judge(...day)))).toEqual(new Set(['wrong']));
    expect(outcomes(await judge(checkOf(pin({ bed: person.bed }, person.pin))))).toEqual(['proved']);
  });

  test('a terminal that lies about the time of its tries gains no more than a day of honest ones', async () => {
    const person = await someone();
    const tries = Array.from({ length: 45 }, (_, index) => checkOf(pin({ bed: person.bed }, wrongOf(person.pin)), { ago: index * 3 * 60 * MINUTE }));
    expect(outcomes(await judge(...tries)).filter((outcome) => outcome === 'wrong').length).toBeLessThanOrEqual(36);
    world.now += 1;
    expect(outcomes(await judge(checkOf(pin({ bed: person.bed }, person.pin), { kind: 'duty.handover' })))).toEqual(['locked']);
  });

  test('an act made off line belongs to whoever had the bed then', async () => {
    const [before, other] = [await someone(0), await someone(1)];
    world.now += DAY;
    const at = new Date(world.now);
    await world.db.updateTable('person_stay').set({ until_at: at, end_reason: 'moved' }).where('person_id', 'in', [before.id, other.id]).execute();
    await world.db.updateTable('person').set({ bed: 39 }).where('id', '=', before.id).execute();
    await world.db.updateTable('person').set({ bed: before.bed }).where('id', '=', other.id).execute();
    const stay = { id: world.newId(), person_id: other.id, cell: '0101', bed: before.bed, from_at: at, reason: 'moved' };
    await world.db.insertInto('person_stay').values(stay).execute();
    const [then, now] = await judge(checkOf(pin({ bed: before.bed }, before.pin), { ago: 2 * 60 * MINUTE }), checkOf(pin({ bed: before.bed }, other.pin)));
    expect([then?.person, now?.person]).toEqual([before.id, other.id]);
    expect(outcomes([then as ProofVerdict, now as ProofVerdict])).toEqual(['proved', 'proved']);
  });

  test('two processes that try at once count every wrong try', async () => {
    const person = await someone();
    await Promise.all(Array.from({ length: 8 }, () => judge(checkOf(pin({ bed: person.bed }, wrongOf(person.pin))))));
    const rows = await world.db.selectFrom('pin_failure').select('command_id').execute();
    expect(rows.length).toBe(3);
  });
});

describe('passkeys and readers', () => {
  async function withKey() {
    const person = await someone();
    const key = new VirtualPasskey({ origin: CELL_ORIGIN, rpId: 'cell.localhost', verifiesUser: false });
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const response = key.register({ challenge: 'AAAA' });
    const made = await verifyRegistrationResponse({
      response,
      expectedChallenge: 'AAAA',
      expectedOrigin: CELL_ORIGIN,
      expectedRPID: 'cell.localhost',
      requireUserVerification: false,
    });
    const publicKey = Buffer.from(made.registrationInfo?.credential.publicKey ?? []);
    await world.db
      .insertInto('person_passkey')
      .values({ credential_id: key.id, person_id: person.id, public_key: publicKey, counter: 0, created_at: new Date(world.now) })
      .execute();
    return { person, key };
  }
  const proofOf =
    (key: VirtualPasskey, person: PersonRef) =>
    (text: string): Proof => {
      const { response } = key.assert({ challenge: createHash('sha256').update(text).digest('base64url') });
      const { authenticatorData, clientDataJSON, signature } = response;
      return { kind: 'passkey', person, credentialId: key.id, authenticatorData, clientDataJSON, signature };
    };

  test('a passkey proves the act that it signed and no other, and its own person only', async () => {
    const { person, key } = await withKey();
    const other = await someone(1);
    const right = checkOf(proofOf(key, { bed: person.bed }));
    const carried = { ...checkOf(proofOf(key, { bed: person.bed })), actText: 'another act' };
    const borrowed = checkOf(proofOf(key, { bed: other.bed }));
    expect(outcomes(await judge(right, carried, borrowed))).toEqual(['proved', 'wrong', 'wrong']);
  });

  test('a key is registered at the wall with the PIN, while an officer allows it, and then proves', async () => {
    const person = await someone();
    const { commands } = createPerson({
      config: { origins: { cell: CELL_ORIGIN, hall: 'http://hall.localhost:8080', console: 'http://console.localhost:8080' } },
      resolveDevice: () => Promise.resolve(null),
      changed: () => Promise.resolve(),
    });
    const kind = commands.find(({ contract }) => contract.kind === 'person.register-passkey');
    const key = new VirtualPasskey({ origin: CELL_ORIGIN, rpId: 'cell.localhost', verifiesUser: false });
    const register = async (made: VirtualPasskey) => {
      const times = { claimedAt: world.now, receivedAt: world.now, correctedAt: world.now, skewMs: 0 };
      const body = { person: { bed: person.bed }, registration: made.register({ challenge: 'AAAA' }) };
      const command = {
        id: world.newId(),
        kind: 'person.register-passkey',
        actor: device,
        body,
        proof: { outcome: 'proved', kind: 'pin', person: person.id } as const,
        ...times,
      };
      return (await world.transact(async (scope) => kind?.handle(scope, [command])))?.[0];
    };
    expect(await register(key)).toMatchObject({ outcome: 'refused', code: 'NOT_ALLOWED' });
    const allow = () =>
      world.db
        .updateTable('person')
        .set({ passkey_allowed_until: new Date(world.now + MINUTE) })
        .where('id', '=', person.id)
        .execute();
    await allow();
    expect(await register(new VirtualPasskey({ origin: 'http://evil.example', rpId: 'evil.example' }))).toMatchObject({ code: 'PROOF_WRONG' });
    expect(await register(key)).toEqual({ outcome: 'accepted', result: { credentials: 1 } });
    expect(await register(new VirtualPasskey({ origin: CELL_ORIGIN, rpId: 'cell.localhost' }))).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(outcomes(await judge(checkOf(proofOf(key, { bed: person.bed }))))).toEqual(['proved']);
  });

  test('a registered reader at this place proves with a nonce of the server', async () => {
    const person = await someone();
    const reader = new BridgeSimulator();
    const row = {
      id: reader.id,
      place: 'cell:0101',
      name: '指纹',
      reader: reader.reader,
      public_jwk: JSON.stringify(reader.publicJwk),
      registered_at: new Date(world.now),
    };
    await world.db.insertInto('bridge_key').values(row).execute();
    const nonce = bridgeNonce(world.keys, 'cell:0101', world.now);
    const right = checkOf((text) => reader.recognise({ bed: person.bed }, text, nonce));
    const foreign = checkOf((text) => reader.recognise({ bed: person.bed }, text, bridgeNonce(world.keys, 'cell:0102', world.now)));
    const otherPlace = checkOf((text) => reader.recognise({ bed: person.bed }, text, nonce), { from: { ...device, place: 'cell:0102' } });
    const unknown = checkOf((text) => new BridgeSimulator().recognise({ bed: person.bed }, text, nonce));
    const otherKind = checkOf((text) => reader.recognise({ bed: person.bed }, text, nonce, 'face'));
    expect(outcomes(await judge(right, foreign, otherPlace, unknown, otherKind))).toEqual(['proved', 'wrong', 'wrong', 'wrong', 'wrong']);
  });
});
