import { CHANGE_EVENT, defaultPolicy, defineCommand, UNRECORDED_CALL_EVENT } from '@sallyport/contracts';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createResolveDevice } from '../../apps/server/src/features/device/index.js';
import { makeToken } from '../../apps/server/src/features/device/tokens.js';
import { accepted, commandKind, type OfficerActor, oneByOne } from '../../apps/server/src/platform/commands/index.js';
import { readConfig } from '../../apps/server/src/platform/config/index.js';
import { temporaryKeys } from '../../apps/server/src/platform/crypto/index.js';
import { createHealth, createHttp, type Http } from '../../apps/server/src/platform/http/index.js';
import { createSocketServer, type SocketServer } from '../../apps/server/src/platform/realtime/index.js';
import { createLog, createMetrics } from '@sallyport/server';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { connectFeatures, insertTestDevice, openCommand, standingClock, systemRandom, testDevice, testOfficer } from '../support/door.js';

const ring = defineCommand({ kind: 'duty.ring', summary: 'Rings', maker: 'officer', body: z.strictObject({ cell: z.string(), end: z.string().optional() }) });
const ringing = commandKind<typeof ring>({
  contract: ring,
  access: { by: 'officer', permission: 'duty.read' },
  audit: () => ({ subjectKind: 'bell', subjectId: null }),
  handle: oneByOne(async (scope, { body }) => {
    scope.hint({ topic: 'duty', cell: body.cell });
    if (body.end !== undefined) scope.disconnect({ kind: 'device', id: body.end });
    return accepted({});
  }),
});

const clock = standingClock();
const keys = temporaryKeys();
const config = readConfig({});
const officers = new Map<string, OfficerActor>();
let database: TestDatabase;
let http: Http;
let sockets: SocketServer;
let port = 0;
const open: Socket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const log = createLog('silent');
  http = await createHttp({ config, log, metrics: createMetrics(), health: createHealth() });
  sockets = createSocketServer({ config, log });
  await connectFeatures({
    config,
    db,
    clock,
    random: systemRandom,
    log,
    keys,
    http,
    sockets,
    jobs: { handle: () => undefined },
    features: [{ commands: [ringing], queries: [], jobs: [] }],
    resolveOfficer: async ({ headers }) => officers.get(headers.cookie ?? '') ?? null,
    resolveDevice: createResolveDevice({ db, clock, keys }),
    checkProofs: async () => [],
    onParked: async () => undefined,
    policyAt: async () => defaultPolicy,
  });
  port = Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(async () => {
  for (const socket of open) socket.close();
  await http.close();
  await database.drop();
});

function connect(host: 'cell' | 'console' | 'hall', auth: object, headers: Record<string, string> = {}): Promise<{ socket: Socket; heard: unknown[] }> {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth,
    extraHeaders: { host: `${host}.localhost:8080`, ...headers },
  });
  open.push(socket);
  const heard: unknown[] = [];
  socket.on(CHANGE_EVENT, (hint) => heard.push(hint));
  socket.on(UNRECORDED_CALL_EVENT, (call) => heard.push(call));
  return new Promise((resolve, reject) => {
    socket.on('connect', () => resolve({ socket, heard }));
    socket.on('connect_error', reject);
  });
}

async function terminal(place: string, state: 'active' | 'revoked' = 'active') {
  const device = testDevice(clock, place);
  await insertTestDevice(database.db, device, clock.now(), state);
  return { device, token: makeToken(keys, { device: device.id, expiresAt: clock.now() + 60_000, place }) };
}

function officer(role: 'cell-officer' | 'finance' | 'control-room', blocks: 'all' | string[]): string {
  const actor = testOfficer(clock, [{ role, blocks }]);
  officers.set(`s=${actor.id}`, actor);
  return `s=${actor.id}`;
}

async function bell(body: Record<string, unknown>): Promise<void> {
  const cookie = officer('control-room', 'all');
  const answer = await http.inject({
    method: 'POST',
    url: '/api/commands/duty.ring',
    headers: { host: 'console.localhost:8080', cookie },
    payload: openCommand(clock, 'duty.ring', body),
  });
  expect(answer.json()).toMatchObject({ outcome: 'accepted' });
}

test('a hint rings at the terminals of its cell and at the officers of its block, and carries no content', async () => {
  const [here, there] = [await terminal('cell:0101'), await terminal('cell:0102')];
  const a = await connect('cell', { device: here.token });
  const b = await connect('cell', { device: there.token });
  const mine = await connect('console', {}, { cookie: officer('cell-officer', ['01']) });
  const other = await connect('console', {}, { cookie: officer('cell-officer', ['02']) });
  const money = await connect('console', {}, { cookie: officer('finance', 'all') });
  await bell({ cell: '0101' });
  const hint = { topic: 'duty', cell: '0101', cursor: expect.stringMatching(/^\d+$/) as string };
  await expect.poll(() => a.heard).toEqual([hint]);
  await expect.poll(() => mine.heard).toEqual([hint]);
  expect([b.heard, other.heard, money.heard]).toEqual([[], [], []]);
});

test('without a session, with an ended device, from another origin or host name there is no socket', async () => {
  const gone = await terminal('cell:0201', 'revoked');
  const good = await terminal('cell:0202');
  await expect(connect('cell', {})).rejects.toThrow('NOT_SIGNED_IN');
  await expect(connect('cell', { device: `${good.token}x` })).rejects.toThrow('NOT_SIGNED_IN');
  await expect(connect('cell', { device: gone.token })).rejects.toThrow('NOT_SIGNED_IN');
  await expect(connect('console', { device: good.token })).rejects.toThrow('NOT_SIGNED_IN');
  await expect(connect('hall', { device: good.token })).rejects.toThrow();
  await expect(connect('cell', { device: good.token }, { origin: 'http://console.localhost:8080' })).rejects.toThrow();
  expect((await connect('cell', { device: good.token }, { origin: 'http://cell.localhost:8080' })).socket.connected).toBe(true);
});

test('an access that ends takes its socket with it', async () => {
  const { device, token } = await terminal('cell:0301');
  const { socket } = await connect('cell', { device: token });
  await bell({ cell: '0301', end: device.id });
  await expect.poll(() => socket.connected).toBe(false);
});

test('a call that is not recorded rings at consoles that see alarms there', async () => {
  const near = await connect('console', {}, { cookie: officer('cell-officer', ['04']) });
  const far = await connect('console', {}, { cookie: officer('cell-officer', ['05']) });
  const call = { id: 'x', place: 'cell:0401', cell: '0401', at: '2026-11-22T14:00:00.000Z' };
  sockets.announceUnrecorded(call);
  await expect.poll(() => near.heard).toEqual([call]);
  expect(far.heard).toEqual([]);
});
