import { setTimeout as sleep } from 'node:timers/promises';
import type { Net, NetAnswer, NetRequest } from '@sallyport/offline';
import type { Chance } from './chance.js';
import type { FaultKind } from './faults.js';
import type { Servers, World } from './servers.js';

/** How often each fault of the line strikes while it is drawn for the run. */
const RATES: Readonly<Partial<Record<FaultKind, number>>> = {
  drop: 0.12,
  delay: 0.2,
  duplicate: 0.15,
  late: 0.08,
  cut: 0.15,
  unauthorised: 0.08,
  unavailable: 0.1,
  garbage: 0.06,
};
const COMMANDS = '/api/commands';
/** Beside its own pace a line of a house takes some milliseconds. */
const ORDINARY_MS = 40;

/** What the run learns from watching the line. */
export interface LinkWatch {
  /** A batch of commands left: the envelopes, as JSON. */
  sent(body: string, headers: Readonly<Record<string, string>>): void;
  /** Two batches of one terminal are under way together. */
  crowded(): void;
}

/** The line of one terminal to the servers, good or bad. */
export class Link {
  readonly #world: World;
  readonly #servers: Servers;
  readonly #chance: Chance;
  readonly #host: string;
  readonly #watch: LinkWatch;
  #downUntil = 0;
  #batches = 0;

  constructor(world: World, servers: Servers, chance: Chance, watch: LinkWatch) {
    this.#world = world;
    this.#servers = servers;
    this.#chance = chance;
    this.#watch = watch;
    this.#host = new URL(world.config.origins.cell).host;
  }

  /** Nothing passes for so long. */
  outage(ms: number): void {
    this.#downUntil = this.#world.time.now() + ms;
  }

  #fault(): FaultKind | null {
    const { faults } = this.#world;
    if (!this.#world.faulty()) return null;
    for (const [kind, rate] of Object.entries(RATES) as [FaultKind, number][]) if (faults.has(kind) && this.#chance.happens(rate)) return kind;
    return null;
  }

  /** The port of a page that is on while `isOn`. */
  net(isOn: () => boolean): Net {
    return async (request) => {
      const batch = request.path === COMMANDS;
      if (batch) {
        this.#watch.sent(request.body ?? '', request.headers);
        this.#batches += 1;
        if (this.#batches > 1) this.#watch.crowded();
      }
      try {
        const answer = await this.#impatient(request, this.#carry(request));
        if (!isOn()) throw new Error('the terminal is off');
        return answer;
      } finally {
        if (batch) this.#batches -= 1;
      }
    };
  }

  /** Ends the wait at the time-out or when the caller gives up, whatever the line still does. */
  #impatient({ timeoutMs, signal }: NetRequest, carried: Promise<NetAnswer>): Promise<NetAnswer> {
    const { time } = this.#world;
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error('no answer'));
      const cancel = time.after(timeoutMs, giveUp);
      signal?.addEventListener('abort', giveUp);
      carried.then(resolve, reject).finally(cancel);
    });
  }

  async #carry(request: NetRequest): Promise<NetAnswer> {
    const { time } = this.#world;
    const fault = this.#fault();
    await time.sleep(this.#latency(fault));
    if (this.#world.faulty() && time.now() < this.#downUntil) return this.#never();
    switch (fault) {
      case 'drop':
        return this.#never();
      case 'unauthorised':
        return { status: 401, body: '{"code":"NOT_SIGNED_IN","message":""}', retryAfter: null };
      case 'unavailable':
        return { status: this.#chance.one([503, 502, 429]), body: '', retryAfter: this.#chance.one([null, '2']) };
      case 'garbage':
        return this.#garbled(request);
      case 'late':
        time.after(this.#chance.between(12_000, 90_000), () => void this.#deliver(request).catch(() => undefined));
        return this.#never();
      case 'duplicate':
        this.#twin(request);
        break;
      case 'cut':
        await this.#deliver(request);
        throw new Error('the line broke');
      default:
        // The other kinds strike elsewhere than on the line.
        break;
    }
    const answer = await this.#deliver(request);
    await time.sleep(this.#latency(fault));
    return answer;
  }

  /** The same bytes once more: together with the first, so that both are under way at once, or a while later. */
  #twin(request: NetRequest): void {
    const twin = () => void this.#deliver(request).catch(() => undefined);
    const after = this.#chance.one([0, 0, 50, 3_000]);
    if (after === 0) twin();
    else this.#world.time.after(after, twin);
  }

  #latency(fault: FaultKind | null): number {
    return fault === 'delay' ? this.#chance.between(200, 7_000) : this.#chance.between(1, ORDINARY_MS);
  }

  #never(): Promise<NetAnswer> {
    return new Promise(() => undefined);
  }

  async #garbled(request: NetRequest): Promise<NetAnswer> {
    if (request.path !== COMMANDS || this.#chance.happens(0.5)) return { status: 200, body: '<html>proxy</html>', retryAfter: null };
    const answer = await this.#deliver(request);
    if (answer.status !== 200) return answer;
    const { outcomes } = JSON.parse(answer.body) as { outcomes: unknown[] };
    return { ...answer, body: JSON.stringify({ outcomes: outcomes.slice(0, Math.floor(outcomes.length / 2)) }) };
  }

  async #deliver(request: NetRequest): Promise<NetAnswer> {
    const { work, faults } = this.#world;
    // Only what writes is put out of order: a heartbeat that waits costs real time and races with nothing.
    const jitter = faults.has('slow-commit') && request.path === COMMANDS ? this.#chance.between(0, 20) : 0;
    const run = async () => {
      if (jitter > 0) await sleep(jitter);
      return this.#servers.deliver(request, this.#host, this.#chance);
    };
    return work.track(`${request.method} ${request.path}`, run());
  }
}
