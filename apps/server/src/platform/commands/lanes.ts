import { must } from '@sallyport/basics';

/**
 * Commands of one transaction at most. What a transaction costs beside its rows is the same whether it holds 30 or 200: up to here that
 * still shows; a command at fault has all its neighbours done again, at most eight times.
 */
const MOST_TOGETHER = 200;

/** FNV-1a: spreads keys over lanes evenly and the same way every time. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/**
 * Rows of waiting items. All items of a key go through one lane in the order they came; what waits in a lane while its batch
 * runs makes up the next batch, so that load itself makes the batches larger.
 */
export class Lanes<Item> {
  readonly #queues: Item[][];
  readonly #running: (Promise<void> | null)[];
  readonly #run: (items: readonly Item[]) => Promise<void>;

  /** `run` must answer every item and never reject. */
  constructor(count: number, run: (items: readonly Item[]) => Promise<void>) {
    this.#queues = Array.from({ length: count }, () => []);
    this.#running = Array.from({ length: count }, () => null);
    this.#run = run;
  }

  /** Items that wait for their batch. */
  get waiting(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  push(key: string, item: Item): void {
    const lane = hash(key) % this.#queues.length;
    must(this.#queues[lane], 'lane').push(item);
    // The batch starts after the present turn, so that all items of one request are in it.
    this.#running[lane] ??= Promise.resolve().then(() => this.#drain(lane));
  }

  async #drain(lane: number): Promise<void> {
    const queue = must(this.#queues[lane], 'lane');
    while (queue.length > 0) await this.#run(queue.splice(0, MOST_TOGETHER));
    this.#running[lane] = null;
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    while (this.#running.some((running) => running !== null)) await Promise.all(this.#running.map((running) => running ?? Promise.resolve()));
  }
}
