import { MINUTE } from '@sallyport/basics';
import {
  challengePath,
  challengeRequest,
  challengeResponse,
  enrolPath,
  enrolRequest,
  enrolResponse,
  heartbeat,
  heartbeatPath,
  heartbeatResponse,
  publicJwk,
  sessionPath,
  sessionRequest,
  sessionResponse,
  sessionText,
  timePath,
  timeResponse,
} from '@sallyport/contracts';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { appendAudit, auditRecord } from '../../platform/audit/index.js';
import type { CommandScope, ResolveDevice } from '../../platform/commands/index.js';
import type { Services } from '../../platform/feature.js';
import { type Http, Problem } from '../../platform/http/index.js';
import { currentCursor } from '../../platform/realtime/index.js';
import { enrol, type EnrolFailure, type EnrolResult } from './enrolment.js';
import { takeHeartbeat } from './heartbeat.js';
import type { LatestBuild } from './queries.js';
import { createDeviceReader } from './reader.js';
import { checkNonce, makeNonce, makeToken } from './tokens.js';

const iso = (instant: number) => new Date(instant).toISOString();
/** Places outside the cells have devices too. */
const audience = ['cell', 'hall'] as const;
const tags = ['devices'];

const ENROL_PROBLEMS: Readonly<Record<EnrolFailure, readonly [number, string]>> = {
  CODE_WRONG: [404, 'This code is not right. Look at the console and type it again.'],
  CODE_EXPIRED: [410, 'This code has expired. Make a new one on the console.'],
  TOO_MANY_TRIES: [410, 'This code is dead after too many tries. Make a new one on the console.'],
  KEY_INVALID: [400, 'publicKey: must be a point of P-256.'],
  KEY_KNOWN: [409, 'This key belongs to another enrolment. Start the enrolment again with a new key.'],
};

async function auditEnrol({ trx, now, random }: CommandScope, result: EnrolResult): Promise<void> {
  const device = result.ok ? result.device.id : null;
  const place = result.ok ? result.device.place : result.failure === 'CODE_WRONG' ? null : result.place;
  const entry = {
    at: now,
    action: 'device.enrol',
    actor: { kind: 'device' as const, id: device },
    outcome: result.ok ? ('accepted' as const) : ('refused' as const),
    reason: result.ok ? null : result.failure,
    subject: { kind: 'device', id: device },
    detail: { place },
  };
  await appendAudit(trx, [auditRecord(entry, random)]);
}

function addEnrolRoute(http: Http, services: Services): void {
  const { keys } = services;
  const schema = {
    summary: 'A device gives its code and key; it waits until an officer has compared the check value',
    tags,
    body: enrolRequest,
    response: { 200: enrolResponse },
  };
  const limit = http.limits['enrolment-code'];
  http.post(enrolPath, { config: { audience, open: true }, schema }, async (request) => {
    await limit.check(request);
    const { result, siteName } = await services.transact(async (scope) => {
      const result = await enrol(scope, request.body);
      if (!result.ok || result.fresh) await auditEnrol(scope, result);
      return { result, siteName: scope.policy.site.name };
    });
    if (!result.ok) {
      await limit.count(request);
      const [status, message] = ENROL_PROBLEMS[result.failure];
      throw new Problem(status, result.failure, message);
    }
    const { id, place, checkValue, state } = result.device;
    return { deviceId: id, place, checkValue, state, siteName, sealKey: { ...keys.sealKey } };
  });
}

/** The highest number of the generation begun last; null when nothing arrived yet. */
async function acknowledged({ db }: Services, device: string): Promise<number | null> {
  const row = await db.selectFrom('device_sequence').select('high').where('device', '=', device).orderBy('started_at', 'desc').limit(1).executeTakeFirst();
  return row?.high ?? null;
}

const ENDED = { revoked: 'DEVICE_REVOKED', refused: 'DEVICE_REFUSED' } as const;

/** Somebody without the key tried to be this device. */
async function auditRefusedSession(services: Services, device: string, place: string): Promise<void> {
  const entry = { at: services.clock.now(), action: 'device.session', outcome: 'refused', reason: 'SIGNATURE_BROKEN', detail: { place } } as const;
  await services.transact(({ trx, random }) =>
    appendAudit(trx, [auditRecord({ ...entry, actor: { kind: 'device', id: device }, subject: { kind: 'device', id: device } }, random)]),
  );
}

/** `onBroken` runs before a wrong signature is recorded; a right one meets no limit. */
async function openSession(
  services: Services,
  { deviceId, nonce, signature }: z.infer<typeof sessionRequest>,
  onBroken: () => Promise<void>,
): Promise<z.input<typeof sessionResponse>> {
  const { db, clock, keys } = services;
  const now = clock.now();
  const standing = checkNonce(keys, nonce, deviceId, now);
  if (standing === 'foreign') throw new Problem(400, 'NONCE_FOREIGN', 'nonce: was not made by this server for this device.');
  if (standing === 'old') throw new Problem(409, 'NONCE_OLD', 'The challenge is too old. Ask for a new one.');
  const device = await db.selectFrom('device').select(['place', 'state', 'public_key']).where('id', '=', deviceId).executeTakeFirst();
  if (!device) throw new Problem(404, 'DEVICE_UNKNOWN', 'This device is not enrolled here.');
  const key = keys.provider.publicKey(publicJwk.parse(device.public_key));
  if (key === null || !keys.provider.verify(key, sessionText(deviceId, nonce), signature)) {
    await onBroken();
    await auditRefusedSession(services, deviceId, device.place);
    throw new Problem(403, 'SIGNATURE_BROKEN', 'The signature is not that of the enrolled key.');
  }
  // Said only to whoever holds the key.
  if (device.state === 'revoked' || device.state === 'refused') throw new Problem(403, ENDED[device.state], 'This device has ended here. Call an officer.');
  const { device: policy } = await services.policyAt(db, now);
  const expiresAt = now + policy.sessionMinutes * MINUTE;
  return {
    token: makeToken(keys, { device: deviceId, expiresAt, place: device.place }),
    expiresAt: iso(expiresAt),
    serverTime: iso(now),
    place: device.place,
    state: device.state === 'active' ? 'active' : 'waiting',
    sealKey: { ...keys.sealKey },
    acknowledgedSeq: await acknowledged(services, deviceId),
  };
}

/** Answers a challenge, or throws where the address has asked for too many and this device is not of the house. */
async function challengeOf({ limits }: Http, services: Services, read: ReturnType<typeof createDeviceReader>, request: FastifyRequest, device: string) {
  const wait = await limits['device-challenge'].count(request);
  if (wait !== null && (await read(device)) === null) throw limits['device-challenge'].refusal(wait);
  return { nonce: makeNonce(services.keys, services.random, device, services.clock.now()) };
}

function addSessionRoutes(http: Http, services: Services): void {
  const read = createDeviceReader(services.db);
  const broken = http.limits['device-signature'];
  const challenge = { summary: 'A challenge for the key of a device', tags, body: challengeRequest, response: { 200: challengeResponse } };
  http.post(challengePath, { config: { audience, open: true }, schema: challenge }, (request) =>
    challengeOf(http, services, read, request, request.body.deviceId),
  );
  const session = { summary: 'Opens a session: the device proves its key (decision 9)', tags, body: sessionRequest, response: { 200: sessionResponse } };
  http.post(sessionPath, { config: { audience, open: true }, schema: session }, (request) =>
    openSession(services, request.body, async () => {
      const wait = await broken.count(request);
      if (wait !== null) throw broken.refusal(wait);
    }),
  );
}

function addHeartbeatRoute(http: Http, services: Services, resolveDevice: ResolveDevice, latestBuild: LatestBuild): void {
  const schema = { summary: 'A sign of life with the state of the outbox', tags, body: heartbeat, response: { 200: heartbeatResponse } };
  http.post(heartbeatPath, { config: { audience }, schema }, async (request) => {
    const session = await resolveDevice(request);
    if (!session?.current) throw new Problem(401, 'NOT_SIGNED_IN', 'Open a session at /api/device/session first.');
    const { id } = session.device.actor;
    const taken = await services.transact((scope) => takeHeartbeat(scope, id, request.body));
    if (!taken) throw new Problem(401, 'DEVICE_NOT_ACTIVE', 'This device is not active here.');
    return { serverTime: iso(services.clock.now()), cursor: await currentCursor(services.db), latestBuild: latestBuild() };
  });
}

/** Enrolment, sessions, signs of life, and the time. */
export function addDeviceRoutes(http: Http, services: Services, resolveDevice: ResolveDevice, latestBuild: LatestBuild): void {
  addEnrolRoute(http, services);
  addSessionRoutes(http, services);
  addHeartbeatRoute(http, services, resolveDevice, latestBuild);
  http.get(timePath, { schema: { summary: "The server's clock", tags, response: { 200: timeResponse } } }, async () => ({
    serverTime: iso(services.clock.now()),
  }));
}
