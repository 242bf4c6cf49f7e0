import type { Clock } from '@sallyport/basics';
import { checkDigits, checkText, type PublicJwk } from '@sallyport/contracts';
import { describe, expect, test, vi } from 'vitest';
import type { NetAnswer, NetRequest } from './ports.js';
import { Terminal } from './terminal.js';
import { testKeys, testWorld } from './testing/world.js';

const SEAL: PublicJwk = { kty: 'EC', crv: 'P-256', x: 's'.repeat(43), y: 't'.repeat(43) };
const OPTIONS = { build: '1', urgent: ['alert.call'], screen: '1280x800', userAgent: 'test' };

/** The device routes of a server, with switches for what an officer does. */
class DeviceServer {
  state = 'waiting';
  place = 'cell:0101';
  swapped = false;
  acknowledgedSeq: number | null = null;
  down = false;
  hangs = false;
  readonly seen: string[] = [];

  readonly net = async ({ path, body, headers, signal }: NetRequest): Promise<NetAnswer> => {
    if (this.down) throw new Error('down');
    this.seen.push(path);
    if (this.hangs) await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('given up'))));
    const answer = (json: unknown, status = 200): NetAnswer => ({ status, body: JSON.stringify(json), retryAfter: null });
    const sealKey = { kid: 'k', jwk: SEAL };
    if (path === '/api/device/enrol') {
      const { publicKey, code } = JSON.parse(body ?? '') as { publicKey: PublicJwk; code: string };
      if (code === 'AAAA-AAAA') return answer({ code: 'NOT_FOUND' }, 404);
      const checkValue = checkDigits(await testKeys.sha256(checkText('device-1', this.swapped ? SEAL : publicKey, SEAL)));
      return answer({ deviceId: 'device-1', place: this.place, checkValue, sealKey, siteName: 'Site', state: 'waiting' });
    }
    if (this.state === 'revoked') return answer({ code: 'DEVICE_REVOKED' }, 403);
    if (path === '/api/device/challenge') return answer({ nonce: 'n' });
    const times = { serverTime: '2026-11-22T15:00:00.000Z', expiresAt: '2026-11-22T15:10:00.000Z' };
    if (path === '/api/device/session')
      return answer({ token: 't', ...times, place: this.place, state: this.state, sealKey, acknowledgedSeq: this.acknowledgedSeq });
    if (headers.authorization !== 'Device t') return answer({ code: 'NOT_SIGNED_IN' }, 401);
    if (path === '/api/terminal/home') return answer({ serverTime: times.serverTime, asOf: times.serverTime });
    if (path === '/api/device/heartbeat') return answer({ ...times, cursor: '1', latestBuild: '2' });
    const { commands } = JSON.parse(body ?? '') as { commands: { id: string }[] };
    return answer({ outcomes: commands.map(({ id }) => ({ id, outcome: 'accepted' })) });
  };
}

async function enrolled(): Promise<{ server: DeviceServer; terminal: Terminal; world: ReturnType<typeof testWorld> }> {
  const world = testWorld();
  const server = new DeviceServer();
  Object.assign(world.ports, { net: server.net });
  const terminal = await Terminal.open(world.ports, OPTIONS);
  await terminal.enrol('K7MT-3QXZ');
  return { server, terminal, world };
}

describe('terminal', () => {
  test('the page of a proxy is no answer, whatever was asked', async () => {
    const { terminal, world } = await enrolled();
    Object.assign(world.ports, { net: () => Promise.resolve({ status: 200, body: '<html>sign in to the network</html>', retryAfter: null }) });
    await terminal.heartbeat();
    expect(await terminal.refreshHome()).toBe(false);
    expect(await terminal.get('/api/terminal/changes')).toBeNull();
  });

  test('enrols, shows the check value, waits, and becomes active when the officer has confirmed', async () => {
    const { server, terminal } = await enrolled();
    expect(terminal.identity.get()).toMatchObject({ state: 'waiting', place: 'cell:0101' });
    expect(terminal.identity.get()?.checkValue).toMatch(/^\d{6}$/);
    await terminal.heartbeat();
    expect(terminal.identity.get()?.state).toBe('waiting');
    server.state = 'active';
    await terminal.heartbeat();
    expect(terminal.identity.get()?.state).toBe('active');
    expect(terminal.latestBuild.get()).toBe('2');
  });

  test('a key swapped on the way is noticed on this side too', async () => {
    const world = testWorld();
    const server = new DeviceServer();
    server.swapped = true;
    Object.assign(world.ports, { net: server.net });
    const terminal = await Terminal.open(world.ports, OPTIONS);
    expect(await terminal.enrol('K7MT-3QXZ')).toEqual({ ok: false, error: 'keys-swapped' });
    expect(terminal.identity.get()).toBeNull();
  });

  test.each([
    ['AAAA-AAAA', false, 'code-refused'],
    ['K7MT-3QXZ', true, 'offline'],
  ])('enrolment with %s (line down: %s) says %s', async (code, down, why) => {
    const world = testWorld();
    const server = new DeviceServer();
    server.down = down;
    Object.assign(world.ports, { net: server.net });
    expect(await (await Terminal.open(world.ports, OPTIONS)).enrol(code)).toEqual({ ok: false, error: why });
  });

  test('shows the time of the server, whatever the device thinks', async () => {
    const { terminal } = await enrolled();
    await terminal.heartbeat();
    expect(new Date(terminal.clock.now()).toISOString()).toBe('2026-11-22T15:00:00.000Z');
    expect(terminal.clock.offsetMs()).toBe(3_600_000);
    expect(terminal.clock.reading().sample?.serverAt).toBe('2026-11-22T15:00:00.000Z');
  });

  test('after a restart with no network the time goes on from what the boot before knew, and is not sent as known', async () => {
    const { server, terminal, world } = await enrolled();
    server.state = 'active';
    await terminal.heartbeat();
    await terminal.refreshHome();
    expect(terminal.home.get()).toMatchObject({ offsetMs: 3_600_000 });
    server.down = true;
    world.time.advance(600_000);
    const restarted = await Terminal.open(world.ports, OPTIONS);
    expect(restarted.clock.basis()).toBe('kept');
    expect(new Date(restarted.clock.now()).toISOString()).toBe('2026-11-22T15:10:00.000Z');
    const draft = restarted.draft('duty.sign-in', {});
    expect(draft.madeAt).toBe('2026-11-22T15:10:00.000Z');
    const act = await restarted.act(draft);
    expect(act.ok && act.value.saved.at).toBe(restarted.clock.now());
    expect(restarted.clock.reading().sample).toBeUndefined();
    server.down = false;
    await restarted.heartbeat();
    expect(restarted.clock.basis()).toBe('sample');
  });

  test('a machine whose clock was set back shows no time before the last known one, and says that it is astray', async () => {
    const { server, terminal, world } = await enrolled();
    server.state = 'active';
    await terminal.heartbeat();
    await terminal.refreshHome();
    const yearsBack: Clock = { now: () => Date.parse('2020-01-01T00:00:00.000Z') + world.time.monotonic(), monotonic: world.time.monotonic };
    const restarted = await Terminal.open({ ...world.ports, clock: yearsBack }, OPTIONS);
    expect(restarted.clock.basis()).toBe('astray');
    expect(new Date(restarted.clock.now()).toISOString()).toBe('2026-11-22T15:00:00.000Z');
    world.time.advance(5_000);
    expect(new Date(restarted.clock.now()).toISOString()).toBe('2026-11-22T15:00:05.000Z');
  });

  test('a reading that an older build stored gives no time of the server', async () => {
    const { world } = await enrolled();
    await world.ports.store.update([], () => [{ table: 'cache', key: 'home', value: { view: {}, asOf: Date.parse('2026-11-22T15:00:00.000Z') } }]);
    const restarted = await Terminal.open(world.ports, OPTIONS);
    expect(restarted.clock.basis()).toBe('device');
    expect(restarted.clock.now()).toBe(world.time.now());
  });

  test('an act is saved off line, sent when the line is back, and its answer reaches the screen', async () => {
    const { server, terminal } = await enrolled();
    server.state = 'active';
    server.down = true;
    const act = await terminal.act(terminal.draft('duty.sign-in', { person: { bed: 1 } }));
    if (!act.ok) throw new Error(act.error);
    expect(act.value.saved.state).toBe('saved');
    await terminal.syncOnce();
    expect(terminal.outbox.summary.get().items[0]?.state).toBe('saved');
    server.down = false;
    await terminal.syncOnce();
    expect(await act.value.outcome).toMatchObject({ outcome: 'accepted' });
  });

  test('before the officer has confirmed, only a call for help is sent', async () => {
    const { server, terminal } = await enrolled();
    await terminal.act(terminal.draft('duty.sign-in', {}));
    await terminal.syncOnce();
    expect(server.seen).not.toContain('/api/commands');
    const call = await terminal.act(terminal.draft('alert.call', {}));
    await terminal.syncOnce();
    expect(call.ok && (await call.value.outcome).outcome).toBe('accepted');
    expect(terminal.outbox.summary.get().queued).toBe(1);
  });

  test('ALERT13: a sign-in of the device that hangs is given up for a call for help', async () => {
    const { server, terminal, world } = await enrolled();
    server.state = 'active';
    server.hangs = true;
    await terminal.act(terminal.draft('duty.sign-in', {}));
    const hung = terminal.syncOnce();
    await vi.waitFor(() => expect(server.seen.at(-1)).toBe('/api/device/challenge'));
    const call = await terminal.act(terminal.draft('alert.call', {}));
    server.hangs = false;
    world.time.advance(2_000);
    expect(await hung).toBeLessThanOrEqual(3_000);
    await terminal.syncOnce();
    expect(call.ok && (await call.value.outcome).outcome).toBe('accepted');
  });

  test('a device that was moved learns its new place; a revoked one stops and keeps its queue', async () => {
    const { server, terminal, world } = await enrolled();
    server.state = 'active';
    server.place = 'cell:0202';
    await terminal.heartbeat();
    expect(terminal.identity.get()?.place).toBe('cell:0202');
    await terminal.act(terminal.draft('duty.sign-in', {}));
    server.state = 'revoked';
    world.time.advance(600_000);
    await terminal.syncOnce();
    expect(terminal.identity.get()?.state).toBe('revoked');
    expect(terminal.outbox.summary.get().queued).toBe(1);
    const asked = server.seen.length;
    await terminal.heartbeat();
    expect(server.seen).toHaveLength(asked);
  });
});
