import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Comeback, type HintSocket, refusedPause } from './hint-socket';
import { Live } from './live';

/** A socket that the test opens, refuses and cuts. */
class FakeSocket implements HintSocket {
  connected = false;
  active = true;
  asked = 0;
  #listeners = new Map<string, (value: unknown) => void>();
  connect = () => (this.asked += 1);
  disconnect = () => (this.connected = false);
  on = (event: string, listener: (value: unknown) => void) => this.#listeners.set(event, listener);
  tell(event: string, state: { connected: boolean; active: boolean }): void {
    Object.assign(this, state);
    this.#listeners.get(event)?.(undefined);
  }
}

const REFUSED = { connected: false, active: false };
const NO_CHANGES = { changes: [], cursor: '7', reset: false };

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the socket comes back by itself', () => {
  test('pauses grow, stay under half a minute and are never the same for all', () => {
    expect([1, 2, 3, 9].map((n) => refusedPause(n, 1))).toEqual([1_000, 2_000, 4_000, 30_000]);
    expect(refusedPause(2, 0)).toBe(1_000);
  });
  test('one that was refused asks again until it is let in', () => {
    const socket = new FakeSocket();
    const comeback = new Comeback(socket, () => 1);
    Object.assign(socket, REFUSED);
    comeback.closed();
    vi.advanceTimersByTime(1_000);
    expect(socket.asked).toBe(1);
    comeback.closed();
    vi.advanceTimersByTime(1_000);
    expect(socket.asked).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(socket.asked).toBe(2);
    comeback.opened();
    comeback.closed();
    vi.advanceTimersByTime(1_000);
    expect(socket.asked).toBe(3);
  });
  test('one that tries by itself after a lost line is left alone', () => {
    const socket = new FakeSocket();
    new Comeback(socket, () => 1).closed();
    vi.advanceTimersByTime(60_000);
    expect(socket.asked).toBe(0);
  });
});

describe('the state that is shown is the true one', () => {
  const started = (respond: () => Promise<Response>) => {
    vi.stubGlobal('fetch', vi.fn(respond));
    const socket = new FakeSocket();
    const live = new Live(new QueryClient(), '1', () => socket);
    live.start();
    return { live, socket };
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);

  test('live with hints, polling without them, cut without an answer', async () => {
    let reachable = true;
    const { live, socket } = started(() => (reachable ? Promise.resolve(answer(200, NO_CHANGES)) : Promise.reject(new TypeError('no network'))));
    expect(live.state).toBe('starting');
    socket.tell('connect', { connected: true, active: true });
    await settle();
    expect(live.state).toBe('live');
    socket.tell('connect_error', REFUSED);
    await settle();
    expect(live.state).toBe('polling');
    reachable = false;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(live.state).toBe('cut');
    reachable = true;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(live.state).toBe('polling');
    expect(socket.asked).toBeGreaterThan(0);
    live.stop();
  });
  test('a session that has ended is no lost connection', async () => {
    const { live, socket } = started(() => Promise.resolve(answer(401, { error: { code: 'NOT_SIGNED_IN', message: 'Sign in on the console first.' } })));
    socket.tell('connect_error', REFUSED);
    await settle();
    expect(live.state).toBe('polling');
    live.stop();
  });
  test('a stopped one asks nothing more and can start again', async () => {
    const { live, socket } = started(() => Promise.resolve(answer(200, NO_CHANGES)));
    live.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fetch).not.toHaveBeenCalled();
    live.start();
    socket.tell('connect', { connected: true, active: true });
    await settle();
    expect(live.state).toBe('live');
    live.stop();
  });
});
