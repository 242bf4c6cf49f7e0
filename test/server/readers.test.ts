import { newId, stableJson } from '@sallyport/basics';
import { actText, READERS_PER_PLACE, type ReaderView } from '@sallyport/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeToken } from '../../apps/server/src/features/device/tokens.js';
import { peopleOfCells } from '../../apps/server/src/features/person/index.js';
import { createTestApp, type TestApp, type TestConsole } from '../support/app.js';
import { BridgeSimulator } from '../support/bridge.js';
import { insertTestDevice, sealedEnvelope, systemRandom, type TestDevice, testDevice } from '../support/door.js';

const PLACE = 'cell:0101';

let world: TestApp;
let admin: TestConsole;
let wall: TestDevice;

beforeEach(async () => {
  world = await createTestApp({ demo: true });
  admin = await signIn('system-admin');
  wall = testDevice(world.app.services.clock, PLACE);
  await insertTestDevice(world.db, wall, world.now());
});
afterEach(() => world.drop());

async function signIn(role: string): Promise<TestConsole> {
  const browser = world.console();
  const { json } = await browser.post('/api/demo/sign-in', { role });
  await browser.post('/api/access/link', { token: String(json['signInUrl']).split('#')[1] });
  return browser;
}

/** What the terminal of the cell asks, with its session. */
async function ask(method: 'GET' | 'POST', url: string, payload?: object): Promise<Record<string, unknown>> {
  const token = makeToken(world.app.services.keys, { device: wall.id, expiresAt: world.now() + 60_000, place: PLACE });
  const headers = { host: 'cell.localhost:8080', authorization: `Device ${token}` };
  const answer = await world.app.http.inject({ method, url, headers, ...(payload && { payload }) });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as Record<string, unknown>;
}

const register = (reader: BridgeSimulator, change: Record<string, unknown> = {}) =>
  admin.command('reader.register', { place: PLACE, name: '指纹仪一号', reader: reader.reader, publicKey: reader.publicJwk, ...change });
const listed = async (search = '') => (await admin.get(`/api/readers${search}`)).json as { rows: ReaderView[]; nextCursor: string | null };

/** The person of the first bed asks for the own record and is vouched for by the reader. */
async function prove(reader: BridgeSimulator) {
  const [person] = await peopleOfCells(world.db, ['0101']);
  const { nonce } = await ask('POST', '/api/terminal/bridge-nonce', {});
  const { clock, keys } = world.app.services;
  const ref = { bed: person?.bed ?? 0 };
  const act = { id: newId(clock, systemRandom), kind: 'duty.my-record', madeAt: new Date(world.now()).toISOString() };
  const body = { person: ref };
  const proof = reader.recognise(ref, actText(act, stableJson(body)), String(nonce));
  const envelope = await sealedEnvelope(wall, keys.sealKey, clock, { id: act.id, kind: act.kind, body, proof });
  const { outcomes } = (await ask('POST', '/api/commands', { commands: [envelope] })) as { outcomes: { outcome: string; code?: string }[] };
  return outcomes[0]?.code ?? outcomes[0]?.outcome;
}

test('a reader proves from its registration to its end, and its terminal hears of both', async () => {
  const reader = new BridgeSimulator('fingerprint');
  expect(await prove(reader)).toBe('PROOF_WRONG');
  expect(await register(reader)).toMatchObject({ outcome: 'accepted', result: { reader: reader.id } });
  expect((await ask('GET', '/api/terminal/readers'))['readers']).toEqual([{ id: reader.id, name: '指纹仪一号', reader: 'fingerprint' }]);
  expect(await prove(reader)).toBe('accepted');
  expect(await admin.command('reader.revoke', { reader: reader.id, reason: '读取器已拆除' })).toMatchObject({ outcome: 'accepted' });
  expect(await prove(reader)).toBe('PROOF_WRONG');
  expect((await ask('GET', '/api/terminal/readers'))['readers']).toEqual([]);
  const hints = await world.db.selectFrom('change_event').select(['topic', 'cell']).where('topic', '=', 'device').where('cell', '=', '0101').execute();
  expect(hints.length).toBe(2);
});

test('a key is registered once for ever, and a point off the curve never', async () => {
  const reader = new BridgeSimulator('face');
  await register(reader);
  expect(await register(reader, { place: 'cell:0102' })).toMatchObject({ code: 'READER_KEY_KNOWN' });
  await admin.command('reader.revoke', { reader: reader.id, reason: '更换' });
  expect(await register(reader)).toMatchObject({ code: 'READER_KEY_KNOWN' });
  expect(await admin.command('reader.revoke', { reader: reader.id, reason: '更换' })).toMatchObject({ code: 'NOT_FOUND' });
  const { publicJwk } = new BridgeSimulator();
  expect(await register(reader, { publicKey: { ...publicJwk, y: publicJwk.x } })).toMatchObject({ code: 'BODY_INVALID' });
  expect(await register(new BridgeSimulator(), { place: 'cell:9909' })).toMatchObject({ code: 'NOT_FOUND' });
});

test('a place has a few readers and no more, also when they are registered at the same moment', async () => {
  const codes = (await Promise.all(Array.from({ length: READERS_PER_PLACE + 2 }, () => register(new BridgeSimulator())))).map(({ code }) => code ?? 'taken');
  expect(codes.filter((code) => code === 'taken').length).toBe(READERS_PER_PLACE);
  expect(codes.filter((code) => code === 'READERS_FULL').length).toBe(2);
});

test('a reader is renamed by whoever saw its last state, and the list shows who did what, page by page', async () => {
  const [one, two] = [new BridgeSimulator(), new BridgeSimulator('wristband')];
  await register(one);
  await register(two, { place: 'hall:kiosk-1', name: '手环' });
  expect(await admin.command('reader.rename', { reader: one.id, name: '门边指纹仪', seenVersion: 1 })).toMatchObject({ result: { version: 2 } });
  expect(await admin.command('reader.rename', { reader: one.id, name: '另一个', seenVersion: 1 })).toMatchObject({ code: 'STALE_VERSION' });
  await admin.command('reader.revoke', { reader: two.id, reason: '损坏' });
  expect((await listed()).rows.map(({ name }) => name)).toEqual(['门边指纹仪']);
  const first = await listed('?ended=yes&limit=1');
  expect(first.rows).toMatchObject([{ id: one.id, place: PLACE, version: 2, registeredBy: expect.any(String), revokedAt: null }]);
  const second = await listed(`?ended=yes&limit=1&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
  expect(second).toMatchObject({ rows: [{ id: two.id, revokedBy: expect.any(String) }], nextCursor: null });
  expect((await admin.get('/api/readers?cursor=x')).status).toBe(400);
});

test('each step is in the audit under the reader; who only guards a block neither registers nor ends one', async () => {
  const reader = new BridgeSimulator();
  await register(reader);
  world.advance(1_000);
  await admin.command('reader.revoke', { reader: reader.id, reason: '读取器已拆除' });
  const rows = await world.db.selectFrom('audit_record').select(['action', 'reason']).where('subject_id', '=', reader.id).orderBy('id').execute();
  expect(rows.map(({ action }) => action)).toEqual(['reader.register', 'reader.revoke']);
  expect(rows[1]?.reason).toBe('读取器已拆除');
  const guard = await signIn('cell-officer');
  const body = { place: PLACE, name: 'x', reader: 'face', publicKey: new BridgeSimulator().publicJwk };
  expect(await guard.command('reader.register', body)).toMatchObject({ code: 'NOT_ALLOWED' });
});
