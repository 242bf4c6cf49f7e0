import type { Instant } from '@sallyport/basics';

interface Event {
  readonly at: Instant;
  readonly order: number;
  readonly task: () => void;
}

/** Everything happens on this grid: what falls into the same step happens together, so that requests really race. */
const STEP_MS = 50;

/** Time that stands until the run moves it. */
export class VirtualTime {
  #now: Instant;
  #order = 0;
  #events: Event[] = [];

  constructor(start: Instant) {
    this.#now = start;
  }

  readonly now = (): Instant => this.#now;

  /** Runs `task` at the first step at or after the instant. @returns what takes it back. */
  at(instant: Instant, task: () => void): () => void {
    const at = Math.max(Math.ceil(instant / STEP_MS) * STEP_MS, this.#now);
    this.#order += 1;
    const event: Event = { at, order: this.#order, task };
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1] as Event).at > at) place -= 1;
    this.#events.splice(place, 0, event);
    return () => {
      const index = this.#events.indexOf(event);
      if (index >= 0) this.#events.splice(index, 1);
    };
  }

  after(ms: number, task: () => void): () => void {
    return this.at(this.#now + Math.max(ms, 1), task);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Runs what is due up to `until`, step by step; after each step `settled` waits for the work that it caused. */
  async runUntil(until: Instant, settled: () => Promise<void>): Promise<void> {
    await settled();
    for (;;) {
      const first = this.#events[0];
      if (!first || first.at > until) break;
      this.#now = Math.max(this.#now, first.at);
      const due = this.#events.filter(({ at }) => at <= this.#now);
      this.#events.splice(0, due.length);
      for (const { task } of due) task();
      await settled();
    }
    this.#now = Math.max(this.#now, until);
  }
}
