import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HERE } from '../root.js';
import type { Ask, Told } from './child.js';
import type { Figures, Order } from './drive.js';

export interface PreparedRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The load generator: a process of its own, so that making load and measuring it disturb neither the server nor the runner. */
export class Generator {
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'sp-load-'));

  constructor() {
    this.#child = fork(path.join(HERE, 'load/child.js'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  #answer<Key extends string>(key: Key, ask?: Ask): Promise<Extract<Told, Record<Key, unknown>>> {
    return new Promise((resolve, reject) => {
      const take = (told: Told) => {
        if (!(key in told) && !('failed' in told)) return;
        this.#child.off('message', take);
        if ('failed' in told) reject(new Error(`the load generator failed: ${told.failed}`));
        else resolve(told as Extract<Told, Record<Key, unknown>>);
      };
      this.#child.on('message', take);
      if (ask) this.#child.send(ask);
    });
  }

  /** Takes requests over; nothing is sent yet. */
  async load(requests: readonly PreparedRequest[]): Promise<void> {
    const file = path.join(this.#folder, 'requests.jsonl');
    writeFileSync(file, requests.map((request) => JSON.stringify(request)).join('\n'));
    await this.#answer('loaded', { load: file });
  }

  /** Sends what was loaded, each once. @throws Error when fewer things were done than `expected`. */
  async go(order: Order, expected: number): Promise<Figures> {
    const { figures } = await this.#answer('figures', { go: order });
    if (figures.done !== expected) throw new Error(`${figures.done} of ${expected} were done. The first other answer: ${figures.odd}`);
    return figures;
  }

  /** Milliseconds since 1970 of the first thing done from now on. */
  async first(): Promise<number> {
    return (await this.#answer('first', { watch: true })).first;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
