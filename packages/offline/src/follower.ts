import { SECOND } from '@sallyport/basics';
import type { Topic, terminalChanges } from '@sallyport/contracts';
import { jittered } from './backoff.js';
import type { Ports } from './ports.js';

const CHANGES: typeof terminalChanges.path = '/api/terminal/changes';
/** With the socket up a hint brings every change; this only heals a hint that got lost. */
const CALM = 30 * SECOND;
/** After a first unanswered question: an outage is to be known soon. */
const AGAIN = SECOND;
/** Without a socket the server is asked this often. */
const EAGER = 4 * SECOND;

type Get = (path: string) => Promise<{ readonly status: number; readonly json: unknown } | null>;
interface Changes {
  readonly changes: readonly { readonly topic: Topic }[];
  readonly cursor: string;
  readonly reset: boolean;
}

/** Keeps in step with the server: sockets bring hints, the cursor brings the truth. */
export class Follower {
  readonly #ports: Pick<Ports, 'timers' | 'random' | 'hints'>;
  readonly #get: Get;
  readonly #token: () => Promise<string | null>;
  /** `null` means: everything may have changed. False when it could not be read now: then the same changes are told again. */
  readonly #changed: (topics: ReadonlySet<Topic> | null) => Promise<boolean>;
  #behind = false;
  #cursor: string | null = null;
  #socketUp = false;
  #stopped = true;
  #asking = false;
  #again = false;
  #lost = 0;
  #cancel: () => void = () => undefined;
  #close: () => void = () => undefined;

  constructor(
    ports: Pick<Ports, 'timers' | 'random' | 'hints'>,
    get: Get,
    token: () => Promise<string | null>,
    changed: (topics: ReadonlySet<Topic> | null) => Promise<boolean>,
  ) {
    this.#ports = ports;
    this.#get = get;
    this.#token = token;
    this.#changed = changed;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#close = this.#ports.hints.open(this.#token, {
      hint: () => void this.catchUp(),
      up: () => {
        this.#socketUp = true;
        void this.catchUp();
      },
      down: () => {
        this.#socketUp = false;
        this.#schedule();
      },
    });
    void this.catchUp();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#close();
  }

  /** Asks what changed since the cursor. Calls that come while one runs are answered by one more. */
  async catchUp(): Promise<void> {
    if (this.#stopped) return;
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    this.#cancel();
    try {
      do {
        this.#again = false;
        await this.#ask();
      } while (this.#again && !this.#stopped);
    } finally {
      this.#asking = false;
      this.#schedule();
    }
  }

  async #ask(): Promise<void> {
    const answer = await this.#get(this.#cursor === null ? CHANGES : `${CHANGES}?since=${encodeURIComponent(this.#cursor)}`);
    this.#lost = answer === null ? this.#lost + 1 : 0;
    if (answer?.status !== 200) return;
    const { changes, cursor, reset } = answer.json as Changes;
    const everything = reset || this.#cursor === null;
    const topics = everything ? null : new Set(changes.map(({ topic }) => topic));
    // The cursor moves only past what was read: a reading that got lost on the line must not leave the wall as it was.
    this.#behind = (everything || changes.length > 0) && !(await this.#changed(topics));
    if (!this.#behind) this.#cursor = cursor;
  }

  #schedule(): void {
    this.#cancel();
    if (this.#stopped) return;
    const pause = this.#lost === 1 ? AGAIN : this.#socketUp && !this.#behind ? CALM : EAGER;
    this.#cancel = this.#ports.timers.after(jittered(pause, this.#ports.random), () => void this.catchUp());
  }
}
