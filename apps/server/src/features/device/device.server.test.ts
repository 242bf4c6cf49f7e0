import { createHash } from 'node:crypto';
import { newId } from '@sallyport/basics';
import { checkDigits, checkText, defaultPolicy, type EnrolResponse, sessionText } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OfficerActor } from '../../platform/commands/index.js';
import { connectFeatures } from '../../platform/commands/testing-features.js';
import {
  openCommand,
  sealedEnvelope,
  signText,
  standingClock,
  systemRandom,
  type TestDevice,
  testDevice,
  testOfficer,
} from '../../platform/commands/testing.js';
import { readConfig } from '../../platform/config/index.js';
import { temporaryKeys } from '../../platform/crypto/index.js';
import { createTestDatabase, type TestDatabase } from '../../platform/db/testing.js';
import { createHealth, createHttp, type Http } from '../../platform/http/index.js';
import { createJobs, type Jobs } from '../../platform/jobs/index.js';
import { createLog } from '../../platform/log/index.js';
import { createMetrics } from '../../platform/metrics/index.js';
import { createSocketServer } from '../../platform/realtime/index.js';
import { createAlert } from '../alert/index.js';
import { createWork } from '../work/index.js';
import { announceParked, createDevice, createResolveDevice } from './index.js';
import { gapWork } from './work-kinds.js';

const config = readConfig({});
const keys = temporaryKeys();
let database: TestDatabase;
let http: Http;
let jobs: Jobs;
let officer: OfficerActor | null;
let clock = standingClock();

beforeEach(async () => {
  clock = standingClock();
  database = await createTestDatabase();
  const { db } = database;
  await sql`insert into cell (number, capacity, sex, transition) values ('0101', 10, 'male', false), ('0102', 10, 'male', false)`.execute(db);
  const siteClock = { ...clock, moveTo: async () => clock.now(), refresh: async () => undefined };
  const log = createLog('silent');
  const metrics = createMetrics();
  officer = testOfficer(clock, [{ role: 'system-admin', blocks: 'all' }], { steppedUpUntil: clock.now() + 86_400_000 });
  await sql`insert into officer (id, name, staff_no, posts, state, created_at) values (${officer.id}::uuid, 'Officer', 'A100', '[]', 'active', now())`.execute(
    db,
  );
  http = await createHttp({ config, log, metrics, health: createHealth() });
  jobs = createJobs({ db, clock: siteClock, log, metrics });
  const resolveDevice = createResolveDevice({ db, clock, keys });
  const parts = [createDevice({ config, resolveDevice }), createAlert([])];
  await connectFeatures({
    config,
    db,
    clock,
    random: systemRandom,
    log,
    keys,
    http,
    jobs,
    resolveDevice,
    sockets: createSocketServer({ config, log }),
    features: [...parts, createWork(parts.flatMap((part) => part.workKinds ?? []))],
    resolveOfficer: async () => officer,
    checkProofs: async () => [],
    onParked: announceParked,
    policyAt: async () => defaultPolicy,
  });
});
afterEach(async () => {
  await http.close();
  await database.drop();
});

async function post(host: 'cell' | 'console', url: string, payload: object, authorization?: string) {
  const answer = await http.inject({ method: 'POST', url, payload, headers: { host: `${host}.localhost:8080`, ...(authorization && { authorization }) } });
  return { status: answer.statusCode, headers: answer.headers, json: answer.json() as Record<string, unknown> };
}
async function get(host: 'cell' | 'console', url: string, authorization?: string) {
  const answer = await http.inject({ method: 'GET', url, headers: { host: `${host}.localhost:8080`, ...(authorization && { authorization }) } });
  return { status: answer.statusCode, json: answer.json() as Record<string, unknown> };
}
const command = async (kind: string, body: Record<string, unknown>) =>
  (await post('console', `/api/commands/${kind}`, openCommand(clock, kind, body))).json as { outcome: string; code?: string; result: Record<string, string> };

async function enrolled(place: string, replaces?: string): Promise<{ device: TestDevice; answer: EnrolResponse; code: string }> {
  const { result } = await command('device.create-enrolment', { place, ...(replaces && { replaces }) });
  const device = testDevice(clock, place);
  const code = result['code'] ?? '';
  const answer = await post('cell', '/api/device/enrol', {
    code: code.toLowerCase(),
    publicKey: device.publicKey,
    profile: { build: '1', screen: '1280x800', userAgent: 't' },
  });
  expect(answer.status).toBe(200);
  const response = answer.json as unknown as EnrolResponse;
  return { device: { ...device, id: response.deviceId }, answer: response, code };
}

const workItem = () => database.db.selectFrom('work_item').selectAll().where('kind', '=', 'device-enrolment').where('state', '<>', 'done').executeTakeFirst();

async function decide(verdict: 'approve' | 'refuse', checkValue?: string) {
  const item = await workItem();
  const more = verdict === 'approve' ? { input: { checkValue: checkValue ?? '' } } : { reasonCode: 'not-ordered' };
  await command('work.claim', { item: item?.id });
  const claimed = await workItem();
  const answer = await command('work.decide', { item: item?.id, seenVersion: claimed?.version, verdict, ...more });
  clock.advance(11_000);
  await jobs.runDue();
  return answer;
}

async function session(device: TestDevice) {
  const { nonce } = (await post('cell', '/api/device/challenge', { deviceId: device.id })).json as { nonce: string };
  const answer = await post('cell', '/api/device/session', { deviceId: device.id, nonce, signature: signText(device, sessionText(device.id, nonce)) });
  return { ...answer, header: `Device ${String(answer.json['token'])}` };
}

async function active(place: string) {
  const made = await enrolled(place);
  expect(await decide('approve', made.answer.checkValue)).toMatchObject({ outcome: 'accepted' });
  return made.device;
}

const beat = (device: TestDevice, more: object = {}) => ({
  build: '1',
  generation: device.generation,
  bootId: device.bootId,
  lastSeq: 0,
  queued: 0,
  oldestQueuedAt: null,
  parked: 0,
  clockOffsetMs: 0,
  freeBytes: null,
  persisted: true,
  monotonicMs: 1,
  ...more,
});

test('a device enrols by code, waits, and is active once an officer has typed the digits of its screen', async () => {
  const { device, answer } = await enrolled('cell:0101');
  const digest = createHash('sha256')
    .update(checkText(device.id, device.publicKey, answer.sealKey.jwk))
    .digest();
  expect(answer).toMatchObject({ place: 'cell:0101', state: 'waiting', checkValue: checkDigits(digest) });
  expect((await session(device)).json).toMatchObject({ state: 'waiting' });
  const wrong = answer.checkValue === '000000' ? '111111' : '000000';
  expect(await decide('approve', wrong)).toMatchObject({ outcome: 'refused', code: 'CHECK_VALUE_DIFFERENT' });
  expect(await decide('approve', answer.checkValue)).toMatchObject({ outcome: 'accepted' });
  expect((await session(device)).json).toMatchObject({ state: 'active', place: 'cell:0101' });
});

test('the same code and key again give the same device: the answer may have been lost', async () => {
  const { device, answer, code } = await enrolled('cell:0101');
  const again = await post('cell', '/api/device/enrol', { code, publicKey: device.publicKey, profile: { build: '1', screen: 's', userAgent: 't' } });
  expect(again.json).toEqual(answer);
  const other = await post('cell', '/api/device/enrol', { code, publicKey: testDevice(clock).publicKey, profile: { build: '1', screen: 's', userAgent: 't' } });
  expect(other.status).toBe(404);
});

test('a code dies after five wrong tries and after ten minutes', async () => {
  const attempt = (code: string) =>
    post('cell', '/api/device/enrol', { code, publicKey: testDevice(clock).publicKey, profile: { build: '1', screen: 's', userAgent: 't' } });
  const { result } = await command('device.create-enrolment', { place: 'cell:0101' });
  const code = result['code'] ?? '';
  const wrong = `${code.slice(0, 5)}${code.slice(5) === '2222' ? '3333' : '2222'}`;
  const answers = [];
  for (let n = 0; n < 5; n += 1) answers.push((await attempt(wrong)).json['code']);
  expect(answers).toEqual(['CODE_WRONG', 'CODE_WRONG', 'CODE_WRONG', 'CODE_WRONG', 'TOO_MANY_TRIES']);
  expect((await attempt(code)).json['code']).toBe('TOO_MANY_TRIES');
  const second = await command('device.create-enrolment', { place: 'cell:0101' });
  clock.advance(10 * 60_000);
  expect((await attempt(second.result['code'] ?? '')).json['code']).toBe('CODE_EXPIRED');
});

test('a place that is not there takes no device; a place that has one takes another only as a replacement', async () => {
  expect(await command('device.create-enrolment', { place: 'cell:0909' })).toMatchObject({ code: 'NOT_FOUND' });
  const old = await active('cell:0101');
  const second = await enrolled('cell:0101');
  expect(await decide('approve', second.answer.checkValue)).toMatchObject({ code: 'PLACE_TAKEN' });
  expect(await decide('refuse')).toMatchObject({ outcome: 'accepted' });
  const third = await enrolled('cell:0101', old.id);
  expect(await decide('approve', third.answer.checkValue)).toMatchObject({ outcome: 'accepted' });
  expect((await session(old)).json).toMatchObject({ code: 'DEVICE_REVOKED' });
  expect((await session(third.device)).json).toMatchObject({ state: 'active' });
});

test('a session needs the key, a fresh challenge and a device that has not ended; its token ends', async () => {
  const device = await active('cell:0101');
  const { nonce } = (await post('cell', '/api/device/challenge', { deviceId: device.id })).json as { nonce: string };
  const stranger = testDevice(clock);
  expect(
    (await post('cell', '/api/device/session', { deviceId: device.id, nonce, signature: signText(stranger, sessionText(device.id, nonce)) })).json['code'],
  ).toBe('SIGNATURE_BROKEN');
  clock.advance(60_000);
  expect(
    (await post('cell', '/api/device/session', { deviceId: device.id, nonce, signature: signText(device, sessionText(device.id, nonce)) })).json['code'],
  ).toBe('NONCE_OLD');
  const { header } = await session(device);
  expect((await get('cell', '/api/terminal/changes', header)).status).toBe(200);
  expect((await get('cell', '/api/terminal/changes', `${header.slice(0, -2)}xx`)).status).toBe(401);
  clock.advance(10 * 60_000);
  expect((await get('cell', '/api/terminal/changes', header)).status).toBe(401);
});

test('revoking takes effect at once; a call for help from the revoked device is still taken, marked', async () => {
  const device = await active('cell:0101');
  const { header } = await session(device);
  const call = (kind: string, body = {}) => sealedEnvelope(device, keys.sealKey, clock, { kind, body });
  expect((await post('cell', '/api/commands', { commands: [await call('alert.call')] }, header)).status).toBe(200);
  expect(await command('device.revoke', { device: device.id, reason: 'stolen' })).toMatchObject({ outcome: 'accepted' });
  const refused = await post('cell', '/api/commands', { commands: [await call('alert.withdraw', { alert: newId(clock, systemRandom) })] }, header);
  expect([refused.status, refused.json['code']]).toEqual([401, 'DEVICE_REVOKED']);
  const help = await call('alert.call');
  const taken = await post('cell', '/api/commands', { commands: [help, await call('alert.withdraw', { alert: help.id })] }, header);
  expect(taken.json).toMatchObject({ outcomes: [{ id: help.id, outcome: 'accepted' }] });
  const presses = await database.db.selectFrom('alert_press').select(['command', 'marked']).where('command', '=', help.id).execute();
  expect(presses).toEqual([{ command: help.id, marked: 'revoked' }]);
});

test('ALERT8: silence is amber after a minute, red after five, raised once each, and ends by itself with its history', async () => {
  const device = await active('cell:0101');
  const send = async (more = {}) => (await post('cell', '/api/device/heartbeat', beat(device, more), (await session(device)).header)).status;
  expect(await send()).toBe(200);
  await jobs.runDue();
  const alerts = () => database.db.selectFrom('alert').select(['level', 'state', 'title']).where('kind', '=', 'device-silent').orderBy('raised_at').execute();
  clock.advance(59_000);
  await jobs.runDue();
  expect(await alerts()).toEqual([]);
  for (let n = 0; n < 3; n += 1) {
    clock.advance(1_000);
    await jobs.runDue();
  }
  expect(await alerts()).toEqual([{ level: 'medium', state: 'calling', title: 'alert.title.device-silent' }]);
  for (let n = 0; n < 25; n += 1) {
    clock.advance(10_000);
    await jobs.runDue();
  }
  expect(await alerts()).toMatchObject([
    { level: 'medium', state: 'withdrawn' },
    { level: 'high', state: 'calling' },
  ]);
  expect(await send()).toBe(200);
  expect((await alerts()).map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn']);
  const silence = await database.db.selectFrom('device_silence').select(['since', 'ended_at']).executeTakeFirstOrThrow();
  expect(silence.ended_at).toBe(clock.now());
  const list = (await get('console', '/api/devices')).json as { devices: { online: string }[] };
  expect(list.devices[0]?.online).toBe('online');
});

test('a wiped store is named: what its numbers promised and never came becomes a gap and an alert', async () => {
  const device = await active('cell:0101');
  const send = async (more = {}) => (await post('cell', '/api/device/heartbeat', beat(device, more), (await session(device)).header)).status;
  const { header } = await session(device);
  await post('cell', '/api/commands', { commands: [await sealedEnvelope(device, keys.sealKey, clock, { kind: 'alert.call', body: {} })] }, header);
  await send({ lastSeq: 5, queued: 4 });
  const wiped = { generation: newId(clock, systemRandom), lastSeq: 0 };
  await send(wiped);
  expect(await database.db.selectFrom('device_gap').select(['generation', 'from_seq', 'to_seq']).execute()).toEqual([
    { generation: device.generation, from_seq: 2, to_seq: 5 },
  ]);
  for (let n = 0; n < 14; n += 1) {
    clock.advance(10_000);
    await send(wiped);
    await jobs.runDue();
  }
  expect(await database.db.selectFrom('alert').select('cell').where('kind', '=', 'device-gap').execute()).toEqual([{ cell: '0101' }]);
  const item = await database.db.selectFrom('work_item').select(['kind', 'ref']).where('kind', '=', 'device-gap').executeTakeFirstOrThrow();
  expect(await gapWork.content?.(database.db, item.ref)).toMatchObject({ device: device.id, gaps: [{ fromSeq: 2, toSeq: 5, filled: false }] });
});

test.each([
  ['queued', 5_000_000_000],
  ['clockOffsetMs', 1e300],
  ['freeBytes', -1],
  ['monotonicMs', 1e20],
  ['lastSeq', -1],
])('a heartbeat whose %s no device can have is refused by its field', async (field, value) => {
  const device = await active('cell:0101');
  const { header } = await session(device);
  const answer = await post('cell', '/api/device/heartbeat', beat(device, { [field]: value }), header);
  expect([answer.status, JSON.stringify(answer.json)]).toEqual([400, expect.stringContaining(field)]);
});

test('a terminal that was moved asks for a new session and learns from it where it stands', async () => {
  const device = await active('cell:0101');
  const { header } = await session(device);
  const send = async (headers: typeof header) => (await post('cell', '/api/device/heartbeat', beat(device), headers)).status;
  expect(await send(header)).toBe(200);
  await database.db.updateTable('device').set({ place: 'cell:0102' }).where('id', '=', device.id).execute();
  clock.advance(3_000);
  expect(await send(header)).toBe(401);
  expect(await send((await session(device)).header)).toBe(200);
});

test('the API document names every command kind with its body', async () => {
  const document = (await http.inject({ method: 'GET', url: '/api/openapi.json' })).json() as { paths: Record<string, { post?: { requestBody?: unknown } }> };
  for (const kind of ['alert.call', 'device.revoke', 'device.move', 'work.decide'])
    expect(JSON.stringify(document.paths[`/api/commands/${kind}`]?.post?.requestBody)).toContain(`"${kind}"`);
  expect(document.paths['/api/devices']).toBeDefined();
});
