import type { Clock, Instant } from '@sallyport/basics';
import { type Watched, WatchedValue } from './watched.js';

/** Whether the server answers, since when (device clock), and when it last did. */
export interface ConnectionState {
  readonly online: boolean;
  readonly since: Instant;
  readonly lastAnswerAt: Instant | null;
}

/** One lost request is ordinary on a bad line; two in a row are an outage worth a badge. */
const LOST_BEFORE_OFFLINE = 2;

export class Connection {
  readonly #clock: Clock;
  readonly #state: WatchedValue<ConnectionState>;
  #lost = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#state = new WatchedValue<ConnectionState>({ online: false, since: clock.now(), lastAnswerAt: null });
  }

  get state(): Watched<ConnectionState> {
    return this.#state;
  }

  answered(): void {
    this.#lost = 0;
    const now = this.#clock.now();
    const { online, since } = this.#state.get();
    this.#state.set({ online: true, since: online ? since : now, lastAnswerAt: now });
  }

  lost(): void {
    this.#lost += 1;
    const state = this.#state.get();
    if (state.online && this.#lost >= LOST_BEFORE_OFFLINE) this.#state.set({ ...state, online: false, since: this.#clock.now() });
  }
}
