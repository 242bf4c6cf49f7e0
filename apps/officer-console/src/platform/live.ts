import type { Instant } from '@sallyport/basics';
import { CHANGE_EVENT, changeHint, consoleChanges, UNRECORDED_CALL_EVENT, unrecordedCall } from '@sallyport/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { ApiFailure, getJson } from './api';
import { Comeback, type HintSocket, openHintSocket } from './hint-socket';
import { addressOf, refresh } from './queries';
import { siteNow } from './site-clock';
import { addUnrecordedCall } from './unrecorded-calls';

/**
 * How the console follows the house: `live` by hints as things happen, `polling` by asking every few seconds because the server answers but
 * gives no hints, `cut` not at all because it does not answer, `starting` until the first answer.
 */
export type LiveState = 'starting' | 'live' | 'polling' | 'cut';

/** How often the console catches up by cursor while the socket is down, and as a safety net while it is up. */
const CUT_POLL_MS = 3_000;
const LIVE_POLL_MS = 30_000;

/** The server answers, but to nobody: the session has ended or is locked. Who is signed in must be read again. */
const SESSION_STATUSES: ReadonlySet<number> = new Set([401, 423]);

/**
 * Keeps every reading true: a hint says what is stale, the cursor says what was missed. Losing a hint costs nothing,
 * because each reconnect and each poll asks for all changes since the last cursor.
 */
export class Live {
  #socket: HintSocket | null = null;
  #comeback: Comeback | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: LiveState = 'starting';
  #listeners = new Set<() => void>();
  #stopped = true;
  #answeredAt: Instant = siteNow();

  constructor(
    private readonly client: QueryClient,
    private cursor: string,
    private readonly open: () => HintSocket = openHintSocket,
  ) {}

  get state(): LiveState {
    return this.#state;
  }

  /** When the server last answered: what the screen shows is true as of then. */
  get answeredAt(): Instant {
    return this.#answeredAt;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#stopped = false;
    const socket = this.open();
    const comeback = new Comeback(socket);
    this.#socket = socket;
    this.#comeback = comeback;
    const down = () => {
      comeback.closed();
      // Whether the server still answers is not known from the socket: a question tells.
      void this.catchUp();
    };
    socket.on('connect', () => {
      comeback.opened();
      void this.catchUp();
    });
    socket.on('disconnect', down);
    socket.on('connect_error', down);
    socket.on(UNRECORDED_CALL_EVENT, (value) => {
      const call = unrecordedCall.safeParse(value);
      if (call.success) addUnrecordedCall(call.data);
    });
    socket.on(CHANGE_EVENT, (value) => {
      const hint = changeHint.safeParse(value);
      if (hint.success) void refresh(this.client, hint.data.topic);
    });
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#comeback?.stop();
    this.#socket?.disconnect();
  }

  /** Asks for everything since the cursor and reads it again; the answer, or its lack, is the state. */
  async catchUp(): Promise<void> {
    if (this.#stopped) return;
    try {
      const { changes, cursor, reset } = consoleChanges.response.parse(await getJson(addressOf(consoleChanges, {}, { since: this.cursor })));
      this.cursor = cursor;
      this.#answeredAt = siteNow();
      this.#become(this.#socket?.connected ? 'live' : 'polling');
      if (reset) await this.client.invalidateQueries();
      else await Promise.all([...new Set(changes.map(({ topic }) => topic))].map((topic) => refresh(this.client, topic)));
    } catch (failure) {
      const isAnswered = failure instanceof ApiFailure && SESSION_STATUSES.has(failure.status);
      this.#become(isAnswered ? 'polling' : 'cut');
      if (isAnswered) await refresh(this.client, 'access');
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.catchUp().finally(() => this.#schedule()), this.#state === 'live' ? LIVE_POLL_MS : CUT_POLL_MS);
  }

  #become(state: LiveState): void {
    if (state === this.#state || this.#stopped) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
    this.#schedule();
  }
}
