import { BRIDGE_MESSAGE_LIMIT, type BridgeAsk } from '@sallyport/contracts';
import { expect, test, vi } from 'vitest';
import { type BridgeSocket, readPerson } from './bridge-link';

const ASK: BridgeAsk = {
  id: 'a',
  op: 'person.prove',
  args: { reader: 'r', kind: 'fingerprint', person: { bed: 3 }, nonce: 'n', actHash: 'h' },
  deadlineMs: 20_000,
};

/** A bridge that a test speaks for. */
class FakeBridge implements BridgeSocket {
  readonly sent: string[] = [];
  closed = 0;
  readonly #listeners = new Map<string, ((event: { data?: unknown }) => void)[]>();
  addEventListener = (name: string, listener: (event: { data?: unknown }) => void): void => {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  };
  send = (text: string): void => void this.sent.push(text);
  close = (): void => {
    this.closed += 1;
  };
  tell(name: string, data?: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener({ data });
  }
  say(message: unknown): void {
    this.tell('message', JSON.stringify(message));
  }
}

function begin(bridge: FakeBridge, patience = 20_000) {
  const states: string[] = [];
  const stop = new AbortController();
  const reading = readPerson({ ask: ASK, open: () => bridge, patience, onState: (state) => states.push(state), signal: stop.signal });
  return { states, stop, reading };
}

test('a person who is recognised is signed for; other readings and noise are passed over', async () => {
  const bridge = new FakeBridge();
  const { states, reading } = begin(bridge);
  bridge.tell('open');
  expect(JSON.parse(bridge.sent[0] ?? '')).toEqual(ASK);
  bridge.say({ id: 'a', event: 'ready' });
  bridge.say({ id: 'a', event: 'dancing' });
  bridge.tell('message', 'not json');
  bridge.tell('message', `"${'x'.repeat(BRIDGE_MESSAGE_LIMIT)}"`);
  bridge.say({ id: 'z', ok: { signature: 'forged' } });
  bridge.say({ id: 'a', ok: { signature: 'not base64url!' } });
  bridge.say({ id: 'a', event: 'reading' });
  bridge.say({ id: 'a', ok: { signature: 'c2ln' } });
  expect(await reading).toEqual({ ok: true, signature: 'c2ln' });
  expect(states).toEqual(['ready', 'reading']);
  expect(bridge.closed).toBe(1);
});

test.each(['absent', 'no-match', 'timed-out', 'busy'])('the bridge says %s', async (code) => {
  const bridge = new FakeBridge();
  const { reading } = begin(bridge);
  bridge.tell('open');
  bridge.say({ id: 'a', error: { code, retryable: true } });
  expect(await reading).toEqual({ ok: false, why: code });
});

test('no bridge, a bridge that dies, and a page that was left each end the reading', async () => {
  const [none, dying, left] = [new FakeBridge(), new FakeBridge(), new FakeBridge()];
  const [first, second, third] = [begin(none), begin(dying), begin(left)];
  none.tell('error');
  dying.tell('open');
  dying.tell('close');
  third.stop.abort();
  expect(await Promise.all([first.reading, second.reading, third.reading])).toEqual([
    { ok: false, why: 'no-bridge' },
    { ok: false, why: 'broken' },
    { ok: false, why: 'broken' },
  ]);
  expect([none.closed, dying.closed, left.closed]).toEqual([1, 1, 1]);
});

test('a bridge that says nothing is not waited for longer than the patience', async () => {
  vi.useFakeTimers();
  const [silent, deaf] = [new FakeBridge(), new FakeBridge()];
  const [first, second] = [begin(silent), begin(deaf)];
  silent.tell('open');
  vi.advanceTimersByTime(20_000);
  vi.useRealTimers();
  expect(await first.reading).toEqual({ ok: false, why: 'timed-out' });
  expect(await second.reading).toEqual({ ok: false, why: 'no-bridge' });
});
