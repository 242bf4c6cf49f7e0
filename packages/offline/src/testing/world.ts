import { type Clock, type Random, type Result, ok } from '@sallyport/basics';
import type { CommandOutcome, DeviceEnvelope } from '@sallyport/contracts';
import { Api } from '../api.js';
import { Connection } from '../connection.js';
import { IdentityKeeper } from '../identity.js';
import { OUTBOX_LIMITS, Outbox, type OutboxLimits } from '../outbox.js';
import type { Keys, Leader, NetAnswer, NetRequest, Ports, Timers, Witness } from '../ports.js';
import { ServerClock } from '../server-clock.js';
import type { SessionFailure, Sessions } from '../session.js';
import { MemoryStore } from '../store/memory-store.js';
import { Syncer } from '../syncer.js';

/** A clock and timers that a test moves. */
export class TestTime implements Clock, Timers {
  #now = Date.parse('2026-11-22T14:00:00.000Z');
  #monotonic = 1_000;
  #waiting: { at: number; task: () => void }[] = [];
  now = () => this.#now;
  monotonic = () => this.#monotonic;

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#monotonic + ms, task };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Moves the time and runs what became due. */
  advance(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.#monotonic);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#monotonic);
    for (const { task } of due) task();
  }
}

/** Chance from a seed (xorshift), so that a failing run can be repeated. */
export function seeded(seed: number): Random {
  let state = seed | 1;
  return {
    bytes(array) {
      for (let index = 0; index < array.length; index += 1) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        array[index] = state & 0xff;
      }
      return array;
    },
  };
}

/** A server that keeps the first answer of each id for ever. `effects` counts what it really did. */
export class TestServer {
  readonly outcomes = new Map<string, CommandOutcome>();
  readonly effects: DeviceEnvelope[] = [];
  readonly poisonous = new Set<string>();
  readonly unreadable = new Set<string>();
  refuse: (envelope: DeviceEnvelope) => boolean = () => false;

  handle(commands: readonly DeviceEnvelope[]): NetAnswer {
    if (commands.some(({ id }) => this.poisonous.has(id))) return { status: 500, body: '{"code":"INTERNAL"}', retryAfter: null };
    if (commands.some(({ id }) => this.unreadable.has(id))) return { status: 400, body: '{"code":"BODY_INVALID"}', retryAfter: null };
    const outcomes = commands.map((command) => {
      const known = this.outcomes.get(command.id);
      if (known) return known;
      const outcome: CommandOutcome = this.refuse(command)
        ? { id: command.id, outcome: 'refused', code: 'NOT_ON_DUTY' }
        : { id: command.id, outcome: 'accepted' };
      this.outcomes.set(command.id, outcome);
      this.effects.push(command);
      return outcome;
    });
    return { status: 200, body: JSON.stringify({ outcomes }), retryAfter: null };
  }
}

/** What the link does to one request. */
export type LinkFault = 'none' | 'drop' | 'cut-after-commit' | 'duplicate' | '401' | '503' | '500' | 'garbage' | 'partial' | 'late';

export class TestLink {
  fault: () => LinkFault = () => 'none';
  requests = 0;
  readonly sizes: number[] = [];
  #late: NetRequest[] = [];
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  readonly net = async (request: NetRequest): Promise<NetAnswer> => {
    this.requests += 1;
    const { commands } = JSON.parse(request.body ?? '{"commands":[]}') as { commands: DeviceEnvelope[] };
    this.sizes.push(commands.length);
    const fault = this.fault();
    if (fault === 'late') this.#late.push(request);
    else this.#deliverLate();
    if (fault === 'drop' || fault === 'late') throw new Error('no answer');
    if (fault === '401') return { status: 401, body: '{"code":"NOT_SIGNED_IN"}', retryAfter: null };
    if (fault === '503') return { status: 503, body: '', retryAfter: '2' };
    if (fault === '500') return { status: 500, body: '', retryAfter: null };
    const answer = this.#server.handle(commands);
    if (fault === 'duplicate') return this.#server.handle(commands);
    if (fault === 'cut-after-commit') throw new Error('answer lost');
    if (fault === 'garbage') return { status: 200, body: '<html>proxy</html>', retryAfter: null };
    if (fault === 'partial') return { ...answer, body: JSON.stringify({ outcomes: (JSON.parse(answer.body) as { outcomes: unknown[] }).outcomes?.slice(1) }) };
    return answer;
  };

  /** Requests that were held on the way arrive after all, behind newer ones. */
  #deliverLate(): void {
    for (const request of this.#late.splice(0)) this.#server.handle((JSON.parse(request.body ?? '') as { commands: DeviceEnvelope[] }).commands);
  }
}

export const testKeys: Keys = {
  create: () => Promise.resolve({ publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) }, kept: 'key' }),
  sign: (_kept, text) => Promise.resolve(`signed${text.length}`),
  sha256: async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
};

const leader: Leader = {
  lead(task) {
    const stop = new AbortController();
    void task(stop.signal);
    return () => stop.abort();
  },
  ring: () => undefined,
  onRing: () => () => undefined,
};

export function testWitness(): Witness {
  let text: string | null = null;
  return {
    read: () => text,
    write(value) {
      text = value;
    },
  };
}

export interface World {
  readonly time: TestTime;
  readonly server: TestServer;
  readonly link: TestLink;
  readonly ports: Ports;
}

export function testWorld(seed = 1, store = new MemoryStore()): World {
  const time = new TestTime();
  const server = new TestServer();
  const link = new TestLink(server);
  const ports: Ports = {
    clock: time,
    random: seeded(seed),
    net: link.net,
    timers: time,
    store,
    witness: testWitness(),
    keys: testKeys,
    seal: (content, _key, id) => Promise.resolve(`${id}.${JSON.stringify(content)}`),
    leader,
    hints: { open: () => () => undefined },
    storageHealth: () => Promise.resolve({ persisted: true, freeBytes: 1_000_000 }),
  };
  return { time, server, link, ports };
}

const IDENTITY = {
  deviceId: 'd',
  place: 'cell:0101',
  siteName: 's',
  checkValue: '123456',
  state: 'active',
  sealKey: { kid: 'k', jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } },
  publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
  kept: 'key',
};

/** An outbox with its syncer on the world's store, as after a start of the terminal. */
export async function boot(
  world: World,
  limits: OutboxLimits = OUTBOX_LIMITS,
): Promise<{ outbox: Outbox; syncer: Syncer; answered: CommandOutcome[]; identity: IdentityKeeper }> {
  const { ports } = world;
  if ((await ports.store.get('meta', 'identity')) === undefined) await ports.store.update([], () => [{ table: 'meta', key: 'identity', value: IDENTITY }]);
  const identity = new IdentityKeeper(ports);
  await identity.load();
  const outbox = await Outbox.open(ports, identity, new ServerClock(ports.clock, 'boot'), { urgent: new Set(['alert.call']), limits });
  const sessions = { token: (): Promise<Result<string, SessionFailure>> => Promise.resolve(ok('token')), forget: () => undefined } as unknown as Sessions;
  const answered: CommandOutcome[] = [];
  const syncer = new Syncer(ports, { outbox, sessions, identity, api: new Api(ports, new Connection(ports.clock)) }, (outcome) => answered.push(outcome));
  return { outbox, syncer, answered, identity };
}

/** Steps until nothing waits, at most `limit` times; waiting passes as test time. */
export async function drain(world: World, syncer: Syncer, limit = 200): Promise<void> {
  for (let step = 0; step < limit; step += 1) {
    const wait = await syncer.step();
    if (wait === Number.POSITIVE_INFINITY) return;
    world.time.advance(wait);
  }
}
