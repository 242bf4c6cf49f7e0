import { type Clock, type Id, MINUTE, type Result, SECOND, err, ok } from '@sallyport/basics';
import { type DeviceSession, type challengePath, type sessionPath, sessionText } from '@sallyport/contracts';
import { type Api, type Answered, codeOf } from './api.js';
import type { Identity, IdentityKeeper } from './identity.js';
import type { Keys } from './ports.js';
import type { ServerClock } from './server-clock.js';

const CHALLENGE: typeof challengePath = '/api/device/challenge';
const SESSION: typeof sessionPath = '/api/device/session';
/** Renewed this long before its end, so that no request carries a token that dies on the way. */
const EARLY = MINUTE;
/** Without a stated end a token counts as this long. */
const SHORTEST = 30 * SECOND;

/** Why there is no session. `later` may mend itself; the others need an officer. */
export type SessionFailure = { readonly reason: 'not-enrolled' | 'refused' | 'revoked' } | { readonly reason: 'later'; readonly retryAfterMs: number | null };

/** Something on the line that can be given up. */
export interface Attempt {
  /** Monotonic reading when it began. */
  readonly since: number;
  readonly abort: AbortController;
}

interface Parts {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly api: Api;
  readonly identity: IdentityKeeper;
  readonly serverClock: ServerClock;
}

/** Proves the device's key once per session (decision 9) and keeps the token in memory only. */
export class Sessions {
  readonly #parts: Parts;
  /** Called with each new session before its token is used. */
  readonly #opened: (session: DeviceSession) => Promise<void>;
  #token: { text: string; renewAt: number } | null = null;
  #running: Promise<Result<string, SessionFailure>> | null = null;
  #opening: Attempt | null = null;

  constructor(parts: Parts, opened: (session: DeviceSession) => Promise<void>) {
    this.#parts = parts;
    this.#opened = opened;
  }

  /** The present token, or a new session. Callers at the same time share one renewal. */
  token(): Promise<Result<string, SessionFailure>> {
    if (this.#token && this.#parts.clock.monotonic() < this.#token.renewAt) return Promise.resolve(ok(this.#token.text));
    this.#running ??= this.#open().finally(() => {
      this.#running = null;
      this.#opening = null;
    });
    return this.#running;
  }

  /** The proof under way, or null. Given up, it counts as one that had no answer. */
  get opening(): Attempt | null {
    return this.#opening;
  }

  /** Drops a token that the server no longer takes; a newer one stays. */
  forget(token: string): void {
    if (this.#token?.text === token) this.#token = null;
  }

  /** Drops the token whatever it is: the next request asks how the device stands. */
  renew(): void {
    this.#token = null;
  }

  async #open(): Promise<Result<string, SessionFailure>> {
    const { api, identity, keys, clock, serverClock } = this.#parts;
    const who = identity.identity.get();
    if (who === null) return err({ reason: 'not-enrolled' });
    if (who.state === 'revoked') return err({ reason: 'revoked' });
    const abort = new AbortController();
    this.#opening = { since: clock.monotonic(), abort };
    const { signal } = abort;
    const challenge = await api.call({ method: 'POST', path: CHALLENGE, body: { deviceId: who.deviceId }, signal });
    if (challenge?.status !== 200) return err(await this.#failure(who.deviceId, challenge));
    const { nonce } = challenge.json as { nonce: string };
    const signature = await keys.sign(who.kept, sessionText(who.deviceId, nonce));
    const answer = await api.call({ method: 'POST', path: SESSION, body: { deviceId: who.deviceId, nonce, signature }, signal });
    if (answer?.status !== 200) return err(await this.#failure(who.deviceId, answer));
    const session = answer.json as DeviceSession;
    serverClock.take(session.serverTime, answer.sentAt);
    const life = Date.parse(session.expiresAt) - Date.parse(session.serverTime);
    await identity.amend({ state: session.state, place: session.place, sealKey: session.sealKey });
    await this.#opened(session);
    this.#token = { text: session.token, renewAt: clock.monotonic() + Math.max(SHORTEST, life - EARLY) };
    return ok(session.token);
  }

  async #failure(deviceId: Id, answer: Answered | null): Promise<SessionFailure> {
    const { identity } = this.#parts;
    const reason = refusal(answer);
    if (reason === null) return { reason: 'later', retryAfterMs: answer?.retryAfterMs ?? null };
    if (identity.identity.get()?.deviceId === deviceId) await identity.amend({ state: reason });
    return { reason };
  }
}

function refusal(answer: Answered | null): Exclude<Identity['state'], 'waiting' | 'active'> | null {
  if (answer === null || answer.status >= 500 || answer.status === 429 || answer.status === 408) return null;
  const code = codeOf(answer.json);
  if (code === 'DEVICE_REVOKED') return 'revoked';
  // A nonce that grew old on the way is asked for anew; whatever else the server says no to is for an officer.
  return answer.status === 401 || answer.status === 403 || answer.status === 404 || answer.status === 410 ? 'refused' : null;
}
