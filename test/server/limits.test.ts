import { newId } from '@sallyport/basics';
import { sessionText, signInOptionsPath, signInPath } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeToken } from '../../apps/server/src/features/device/tokens.js';
import { LIMITS } from '../../apps/server/src/platform/http/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { insertTestDevice, sealedEnvelope, signText, systemRandom, type TestDevice, testDevice } from '../support/door.js';

/** A house behind one address, and a neighbour behind another. */
const HOUSE = '10.0.0.1';
const NEIGHBOUR = '10.0.0.2';
const WRONG_CODE = {
  code: '2222-2222',
  publicKey: testDevice({ now: () => 0, monotonic: () => 0 }).publicKey,
  profile: { build: '1', screen: 's', userAgent: 'u' },
};

let world: TestApp;
let wall: TestDevice;

beforeEach(async () => {
  world = await createTestApp({ demo: true });
  wall = testDevice(world.app.services.clock, 'cell:0101');
  await insertTestDevice(world.db, wall, world.now());
});
afterEach(() => world.drop());

async function post(host: 'cell' | 'console', url: string, payload: object, from = HOUSE, headers: Record<string, string> = {}) {
  const answer = await world.app.http.inject({
    method: 'POST',
    url,
    payload,
    headers: { host: `${host}.localhost:8080`, 'x-forwarded-for': from, ...headers },
  });
  return { status: answer.statusCode, retryAfter: Number(answer.headers['retry-after']), json: answer.json() as Record<string, unknown> };
}
const audited = async (action: string) => {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit_record where action = ${action} and outcome = 'refused'`.execute(
    world.db,
  );
  return rows[0]?.count ?? 0;
};
async function statuses(times: number, ask: () => Promise<{ status: number }>): Promise<number[]> {
  const found: number[] = [];
  for (let count = 0; count < times; count += 1) found.push((await ask()).status);
  return found;
}

async function openSession(device: TestDevice, from = HOUSE, key = device) {
  const { status, json } = await post('cell', '/api/device/challenge', { deviceId: device.id }, from);
  if (status !== 200) return { status, json, retryAfter: 0 };
  const nonce = String(json['nonce']);
  return post('cell', '/api/device/session', { deviceId: device.id, nonce, signature: signText(key, sessionText(device.id, nonce)) }, from);
}

test('wrong codes come to an end at one address, which is told when to try again, and at no other', async () => {
  const { most } = LIMITS['enrolment-code'];
  const wrong = (from?: string) => post('cell', '/api/device/enrol', WRONG_CODE, from);
  expect(new Set(await statuses(most, wrong))).toEqual(new Set([404]));
  const refused = await wrong();
  expect([refused.status, refused.json['code']]).toEqual([429, 'TOO_MANY_REQUESTS']);
  expect(refused.retryAfter).toBeGreaterThan(0);
  expect(refused.retryAfter).toBeLessThanOrEqual(60);
  const { json } = await post('console', '/api/demo/enrolments', { place: 'cell:0102' });
  const right = { ...WRONG_CODE, code: json['code'] };
  expect((await post('cell', '/api/device/enrol', right)).status).toBe(429);
  expect((await post('cell', '/api/device/enrol', right, NEIGHBOUR)).status).toBe(200);
});

test('links that are not valid are told to wait and no longer recorded; a valid one from the same address is taken', async () => {
  const { most } = LIMITS['access-link'];
  const wrong = () => post('console', '/api/access/link', { token: 'A'.repeat(43) });
  expect(await statuses(most + 3, wrong)).toEqual([...Array<number>(most).fill(403), 429, 429, 429]);
  expect(await audited('access.link')).toBe(most);
  const { json } = await post('console', '/api/demo/sign-in', { role: 'leadership' });
  expect((await post('console', '/api/access/link', { token: String(json['signInUrl']).split('#')[1] })).status).toBe(200);
});

test('sign-ins are begun only so often, and failed ones are recorded only so often', async () => {
  const begin = () => post('console', signInOptionsPath, {});
  const response = {
    id: 'AAAA',
    rawId: 'AAAA',
    type: 'public-key',
    clientExtensionResults: {},
    response: { authenticatorData: 'AA', clientDataJSON: 'AA', signature: 'AA' },
  };
  const fail = () => post('console', signInPath, { ceremony: newId({ now: () => world.now() }, systemRandom), response });
  const { most } = LIMITS['sign-in-failed'];
  expect((await statuses(most + 2, fail)).slice(most - 1)).toEqual([403, 429, 429]);
  expect(await audited('access.sign-in')).toBe(most);
  expect((await statuses(LIMITS['sign-in-begun'].most + 1, begin)).slice(-2)).toEqual([200, 429]);
});

test('a device that proves its key opens its session whatever others behind the same address did', async () => {
  const { most } = LIMITS['device-signature'];
  const thief = testDevice(world.app.services.clock);
  const wrong = () => openSession(wall, HOUSE, thief);
  expect((await statuses(most + 2, wrong)).slice(most - 1)).toEqual([403, 429, 429]);
  expect(await audited('device.session')).toBe(most);
  expect((await openSession(wall)).status).toBe(200);
});

test('all terminals of the largest site come back behind one address; past that only enrolled devices get a challenge', { timeout: 60_000 }, async () => {
  const { most } = LIMITS['device-challenge'];
  expect(most).toBeGreaterThanOrEqual(5_000);
  const ask = (deviceId: string) => post('cell', '/api/device/challenge', { deviceId });
  const stranger = newId({ now: () => world.now() }, systemRandom);
  for (let done = 0; done < most; done += 500) await Promise.all(Array.from({ length: 500 }, () => ask(stranger)));
  expect((await ask(stranger)).status).toBe(429);
  expect((await openSession(wall)).status).toBe(200);
});

test('a call for help is taken when every limit of its address is spent, also with an ended session', async () => {
  for (const _ of Array.from({ length: LIMITS['enrolment-code'].most + 1 })) await post('cell', '/api/device/enrol', WRONG_CODE);
  const { keys, clock } = world.app.services;
  for (const life of [60_000, -60_000]) {
    const authorization = `Device ${makeToken(keys, { device: wall.id, expiresAt: world.now() + life, place: wall.place })}`;
    for (let count = 0; count < 50; count += 1) {
      const envelope = await sealedEnvelope(wall, keys.sealKey, clock, { kind: 'alert.call', body: {} });
      const { status, json } = await post('cell', '/api/commands', { commands: [envelope] }, HOUSE, { authorization });
      expect([status, json]).toMatchObject([200, { outcomes: [{ outcome: 'accepted' }] }]);
    }
  }
});

test('refusals are counted by the limit, and state and figures are made once for all who ask at once', async () => {
  for (const _ of Array.from({ length: LIMITS['enrolment-code'].most + 2 })) await post('cell', '/api/device/enrol', WRONG_CODE);
  const { body } = await world.app.http.inject('/metrics');
  expect(body).toContain('sallyport_limited_total{limit="enrolment-code"} 2');
  let runs = 0;
  world.app.health.register('counted', async () => {
    runs += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return undefined;
  });
  await Promise.all(Array.from({ length: 10 }, () => world.app.http.inject('/readyz')));
  expect(runs).toBe(1);
});
