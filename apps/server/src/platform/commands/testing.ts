import { type KeyObject, generateKeyPairSync, randomFillSync, sign } from 'node:crypto';
import { type Clock, type Id, type Instant, newId, type Random } from '@sallyport/basics';
import { type DeviceEnvelope, defaultPolicy, type OpenEnvelope, type Proof, type PublicJwk, signedText } from '@sallyport/contracts';
import { CompactEncrypt, importJWK } from 'jose';
import { intl, type Keys, temporaryKeys } from '../crypto/index.js';
import type { Db } from '../db/index.js';
import { createLog } from '../log/index.js';
import type { UnrecordedCall } from '@sallyport/contracts';
import { type CommandDoor, createDoor, type DoorOptions } from './door.js';
import type { KnownDevice } from './intake.js';
import type { Client, CommandKind, DeviceActor, Hint, OfficerActor } from './kind.js';

/* What tests, the simulator and the benchmarks need to knock at the door: devices with real keys, sealed envelopes, a door on a test database. */

export const systemRandom: Random = { bytes: (array) => randomFillSync(array) };

/** A clock that stands until a test moves it. */
export interface StandingClock extends Clock {
  advance(ms: number): void;
}
export function standingClock(start: Instant = Date.UTC(2026, 10, 22, 14)): StandingClock {
  let now = start;
  return { now: () => now, monotonic: () => now - start, advance: (ms) => void (now += ms) };
}

/** A terminal of a test with its own key, store generation and numbers. */
export interface TestDevice {
  readonly id: Id;
  readonly place: string;
  readonly publicKey: PublicJwk;
  readonly privateKey: KeyObject;
  generation: Id;
  nextSeq: number;
  bootId: Id;
}

export function testDevice(clock: Clock, place = 'cell:0101'): TestDevice {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = () => newId(clock, systemRandom);
  return { id: id(), place, publicKey: { kty: 'EC', crv: 'P-256', x, y }, privateKey, generation: id(), nextSeq: 1, bootId: id() };
}

/** ES256 as base64url of r and s. */
export function signText(device: Pick<TestDevice, 'privateKey'>, text: string): string {
  return sign('sha256', Buffer.from(text), { key: device.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

/** Puts the device into the database as if it had been enrolled. */
export async function insertTestDevice(db: Db, device: TestDevice, now: Instant, state: DeviceActor['state'] = 'active'): Promise<void> {
  const confirmed = state === 'active' ? { confirmed_by: device.id, confirmed_at: new Date(now) } : {};
  await db
    .insertInto('device')
    .values({
      id: device.id,
      place: device.place,
      state,
      public_key: JSON.stringify(device.publicKey),
      thumbprint: intl.thumbprint(device.publicKey),
      check_value: '000000',
      build: 'test',
      screen: '1280x800',
      user_agent: 'test',
      enrolled_at: new Date(now),
      ...confirmed,
    })
    .execute();
}

export function knownDevice(device: TestDevice, state: DeviceActor['state'] = 'active'): KnownDevice {
  const cell = device.place.startsWith('cell:') ? device.place.slice(5) : null;
  return { actor: { kind: 'device', id: device.id, place: device.place, cell, state }, publicKey: device.publicKey };
}

export interface Act {
  readonly kind: string;
  readonly body: Record<string, unknown>;
  readonly proof?: Proof;
  readonly id?: Id;
  readonly seq?: number;
  readonly version?: number;
  /** What the device's wall clock says. */
  readonly madeAt?: Instant;
  readonly clock?: Partial<DeviceEnvelope['clock']>;
}

/** Seals content as a terminal does: compact JWE, ECDH-ES with A256GCM. */
export async function sealContent(content: unknown, sealKey: Keys['sealKey'], commandId: Id): Promise<string> {
  const key = await importJWK({ ...sealKey.jwk }, 'ECDH-ES');
  return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: sealKey.kid, cid: commandId })
    .encrypt(key);
}

/** Signs an envelope (again), after a test changed a part of it. */
export function signEnvelope(device: TestDevice, envelope: Omit<DeviceEnvelope, 'signature'>): DeviceEnvelope {
  return { ...envelope, signature: signText(device, signedText(envelope)) };
}

/** The envelope of an act, numbered, sealed and signed. */
export async function sealedEnvelope(device: TestDevice, sealKey: Keys['sealKey'], clock: Clock, act: Act): Promise<DeviceEnvelope> {
  const id = act.id ?? newId(clock, systemRandom);
  const seq = act.seq ?? device.nextSeq;
  device.nextSeq = Math.max(device.nextSeq, seq + 1);
  return signEnvelope(device, {
    id,
    kind: act.kind,
    version: act.version ?? 1,
    madeAt: new Date(act.madeAt ?? clock.now()).toISOString(),
    seq,
    generation: device.generation,
    clock: { bootId: device.bootId, monotonicMs: clock.monotonic(), ...act.clock },
    sealed: await sealContent({ body: act.body, ...(act.proof && { proof: act.proof }) }, sealKey, id),
  });
}

/** An officer's envelope. */
export function openCommand(clock: Clock, kind: string, body: Record<string, unknown>, id: Id = newId(clock, systemRandom)): OpenEnvelope {
  return { id, kind, version: 1, madeAt: new Date(clock.now()).toISOString(), body };
}

export function testOfficer(clock: Clock, posts: OfficerActor['posts'], more: Partial<OfficerActor> = {}): OfficerActor {
  const id = () => newId(clock, systemRandom);
  return { kind: 'officer', id: id(), name: 'Officer', sessionId: id(), posts, steppedUpUntil: clock.now() + 3_600_000, ...more };
}

/** What a test door told the screens. */
export interface Told {
  readonly hints: { readonly hint: Hint; readonly cursor: string }[];
  readonly disconnected: Client[];
  readonly unrecorded: UnrecordedCall[];
}

export interface TestDoor {
  readonly door: CommandDoor;
  readonly keys: Keys;
  readonly told: Told;
}

/** A door on a test database, with the default policy and nobody listening. */
export function testDoor(db: Db, clock: Clock, kinds: readonly CommandKind[], more: Partial<DoorOptions> = {}): TestDoor {
  const keys = more.keys ?? temporaryKeys();
  const told: Told = { hints: [], disconnected: [], unrecorded: [] };
  const door = createDoor({
    db,
    clock,
    random: systemRandom,
    keys,
    kinds,
    log: createLog('silent'),
    policyAt: async () => defaultPolicy,
    checkProofs: async (_scope, checks) => checks.map(({ proof }) => ({ outcome: 'wrong', kind: proof.kind, person: null })),
    onParked: async () => undefined,
    realtime: {
      publish: (hints, cursor) => void told.hints.push(...hints.map((hint) => ({ hint, cursor }))),
      disconnect: (client) => void told.disconnected.push(client),
      announceUnrecorded: (call) => void told.unrecorded.push(call),
    },
    ...more,
  });
  return { door, keys, told };
}
