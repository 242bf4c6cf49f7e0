import { type Answer, Wire } from './wire.js';

/** One run of prepared requests against a server. */
export interface Order {
  readonly port: number;
  readonly clients: number;
  /** What in an answer counts as one thing done. */
  readonly mark: string;
  /** Sends them evenly over this time, whoever still waits; without it each client sends when it has its answer. */
  readonly withinMs?: number;
  /** Tries a request again over a new connection until it is answered. */
  readonly endure?: boolean;
}

export interface Figures {
  readonly seconds: number;
  readonly requests: number;
  /** Marks found in the answers. */
  readonly done: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The first answer without a mark, for the report of a failure. */
  readonly odd: string | null;
}

/** Long enough that clients without a server do not take the processor from its start. */
const RETRY_MS = 200;
const ODD_SHOWN = 400;

/** The value below which this share of the sorted values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function marksIn(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) count += 1;
  return count;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A client that opens its connection again after it broke. */
class Client {
  readonly #port: number;
  #wire: Wire | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  async open(): Promise<Wire> {
    this.#wire ??= await Wire.open(this.#port);
    return this.#wire;
  }

  async send(request: Buffer, endure: boolean): Promise<Answer> {
    for (;;) {
      try {
        const answer = await (await this.open()).send(request);
        if (!endure || answer.status === 200) return answer;
      } catch (error) {
        this.close();
        if (!endure) throw error;
      }
      await pause(RETRY_MS);
    }
  }

  close(): void {
    this.#wire?.close();
    this.#wire = null;
  }
}

interface Tally {
  done: number;
  odd: string | null;
  readonly latencies: number[];
}

function note(tally: Tally, answer: Answer, mark: string, ms: number): number {
  const marks = marksIn(answer.body, mark);
  tally.done += marks;
  tally.latencies.push(ms);
  if (marks === 0) tally.odd ??= `${answer.status} ${answer.body}`.slice(0, ODD_SHOWN);
  return marks;
}

/** Sends every request once. `onDone` hears of each answer with a mark. */
export async function drive(requests: readonly Buffer[], order: Order, onDone: () => void = () => undefined): Promise<Figures> {
  const { port, clients, mark, withinMs, endure = false } = order;
  const fleet = Array.from({ length: clients }, () => new Client(port));
  await Promise.all(fleet.map((client) => client.open()));
  const tally: Tally = { done: 0, odd: null, latencies: [] };
  let next = 0;
  const startedAt = performance.now();
  const work = async (client: Client) => {
    for (let index = next++; index < requests.length; index = next++) {
      const dueAt = withinMs === undefined ? performance.now() : startedAt + (withinMs * index) / requests.length;
      const wait = dueAt - performance.now();
      if (wait > 1) await pause(wait);
      // From the moment at which it was due: a client that comes late because the server is slow counts against the server.
      const from = withinMs === undefined ? performance.now() : dueAt;
      const answer = await client.send(requests[index] as Buffer, endure);
      if (note(tally, answer, mark, performance.now() - from) > 0) onDone();
    }
  };
  await Promise.all(fleet.map(work));
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const client of fleet) client.close();
  const { done, odd, latencies } = tally;
  return {
    seconds,
    requests: requests.length,
    done,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    maxMs: percentile(latencies, 1),
    odd,
  };
}
