import type { UnrecordedCall } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeToken } from '../../apps/server/src/features/device/tokens.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { insertTestDevice, sealedEnvelope, type TestDevice, testDevice } from '../support/door.js';

/** A second, and what a loaded machine needs to notice that it is over. */
const ONE_SECOND_MS = 1_250;

let world: TestApp;
let wall: TestDevice;

beforeEach(async () => {
  world = await createTestApp({ demo: true });
  wall = testDevice(world.app.services.clock, 'cell:0101');
  await insertTestDevice(world.db, wall, world.now());
});
afterEach(() => world.drop());

test('a call is shown as not recorded within a second, also when the database cannot even say whose it is', async () => {
  const { services } = world.app;
  const shown: { call: UnrecordedCall; afterMs: number }[] = [];
  const sentAt = performance.now();
  Object.assign(services.realtime, { announceUnrecorded: (call: UnrecordedCall) => shown.push({ call, afterMs: performance.now() - sentAt }) });
  const envelope = await sealedEnvelope(wall, services.keys.sealKey, services.clock, { kind: 'alert.call', body: {} });
  const token = makeToken(services.keys, { device: wall.id, expiresAt: world.now() + 60_000, place: wall.place });
  const headers = { host: 'cell.localhost:8080', authorization: `Device ${token}` };
  const send = () => world.app.http.inject({ method: 'POST', url: '/api/commands', headers, payload: { commands: [envelope] } });
  let answer: ReturnType<typeof send> | undefined;
  await world.db.transaction().execute(async (trx) => {
    await sql`lock table device in access exclusive mode`.execute(trx);
    answer = send();
    answer.then(undefined, () => undefined);
    await expect.poll(() => shown.length, { timeout: 5_000 }).toBe(1);
  });
  expect(shown[0]?.call).toMatchObject({ id: envelope.id, place: 'cell:0101', cell: '0101' });
  expect(shown[0]?.afterMs).toBeLessThan(ONE_SECOND_MS);
  expect((await answer)?.json()).toMatchObject({ outcomes: [{ id: envelope.id, outcome: 'accepted' }] });
});
