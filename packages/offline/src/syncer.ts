import { type Id, MINUTE, SECOND } from '@sallyport/basics';
import { BATCH_LIMIT_VALUE } from './limits.js';
import type { Api } from './api.js';
import { URGENT_CAP, backoffMs, jittered } from './backoff.js';
import { type BatchAnswer, batchAnswer } from './batch-answer.js';
import type { CommandOutcome } from '@sallyport/contracts';
import type { IdentityKeeper } from './identity.js';
import { type Outbox, UNREADABLE } from './outbox.js';
import { type OutboxItem, envelopeOf } from './outbox-item.js';
import type { Ports } from './ports.js';
import type { Attempt, SessionFailure, Sessions } from './session.js';

const COMMANDS = '/api/commands';
/** The server broke this often on the same items before they are halved: once can be chance. */
const BREAKS_BEFORE_HALVING = 2;
/** A single item that broke the server this often steps aside, so that the others flow. */
const BREAKS_BEFORE_ASIDE = 5;
/** An item that stepped aside is tried again this often: a repaired server takes it. */
const ASIDE_FOR = 5 * MINUTE;
/** Without a session for a reason that only an officer can mend, the question is asked again this often. */
const PAUSE = 20 * SECOND;
/** A batch or a sign-in under way longer than this makes room for an emergency call; its items go again, the server knows them by id. */
const URGENT_PATIENCE = 2 * SECOND;

type SyncPorts = Pick<Ports, 'clock' | 'random' | 'timers' | 'leader'>;
interface Parts {
  readonly outbox: Outbox;
  readonly sessions: Sessions;
  readonly identity: IdentityKeeper;
  readonly api: Api;
}

/** Why nothing is being sent although something waits. */
export type PauseReason = SessionFailure['reason'];

/** Sends the outbox: one syncer per origin, one batch at a time, in order, until each item has its own answer. */
export class Syncer {
  readonly #ports: SyncPorts;
  readonly #parts: Parts;
  readonly #answered: (outcome: CommandOutcome) => void;
  #failures = 0;
  #breaks = 0;
  #size: number = BATCH_LIMIT_VALUE;
  readonly #breaksOf = new Map<Id, number>();
  readonly #aside = new Map<Id, number>();
  #underWay: (Attempt & { readonly urgent: boolean }) | null = null;
  #wake: (() => void) | null = null;
  #rung = false;

  constructor(ports: SyncPorts, parts: Parts, answered: (outcome: CommandOutcome) => void) {
    this.#ports = ports;
    this.#parts = parts;
    this.#answered = answered;
  }

  /** Runs while this page leads; returns a stop function. */
  start(): () => void {
    return this.#ports.leader.lead(async (signal) => {
      await this.#parts.outbox.refresh();
      signal.addEventListener('abort', () => this.#interrupt());
      while (!signal.aborted) {
        // A store that fails for a moment must not end the syncing for good.
        const wait = await this.step().catch(() => this.#failed(null));
        if (!signal.aborted && wait > 0) await this.#sleep(wait);
      }
    });
  }

  /** Something new waits, or the line came back. `urgent` also ends a back-off and an old attempt under way. */
  kick(urgent = false): void {
    if (this.#failures === 0 || urgent) this.#ring();
    if (!urgent) return;
    if (this.#underWay?.urgent === false) this.#hurry(this.#underWay);
    const { opening } = this.#parts.sessions;
    if (opening) this.#hurry(opening);
  }

  #hurry({ since, abort }: Attempt): void {
    const { clock, timers } = this.#ports;
    timers.after(Math.max(0, URGENT_PATIENCE - (clock.monotonic() - since)), () => abort.abort());
  }

  /** The line is known to be back: forget the back-off. */
  lineBack(): void {
    this.#failures = 0;
    this.#ring();
  }

  /** Items that stepped aside because the server breaks on them. */
  asideCount(): number {
    return this.#aside.size;
  }

  /** One attempt. Returns the milliseconds until the next; `Infinity` when only a kick can bring work. */
  async step(): Promise<number> {
    this.#rung = false;
    const { outbox, sessions, identity } = this.#parts;
    const now = this.#ports.clock.monotonic();
    for (const [id, until] of this.#aside) if (until <= now) this.#aside.delete(id);
    const batch = outbox.next(this.#size, new Set(this.#aside.keys()));
    if (batch.length === 0) return this.#aside.size > 0 ? Math.max(SECOND, Math.min(...this.#aside.values()) - now) : Number.POSITIVE_INFINITY;
    const token = await sessions.token();
    if (!token.ok) return token.error.reason === 'later' ? this.#failed(token.error.retryAfterMs) : jittered(PAUSE, this.#ports.random);
    const items = identity.identity.get()?.state === 'waiting' ? batch.filter((item) => outbox.isUrgent(item.kind)) : batch;
    if (items.length === 0) return jittered(3 * SECOND, this.#ports.random);
    return this.#judge(items, await this.#send(items, token.value), token.value);
  }

  async #send(batch: readonly OutboxItem[], token: string): Promise<BatchAnswer> {
    const { outbox, api } = this.#parts;
    const commands = (await outbox.sign(batch)).map(envelopeOf);
    const abort = new AbortController();
    this.#underWay = { since: this.#ports.clock.monotonic(), abort, urgent: batch.some((item) => outbox.isUrgent(item.kind)) };
    outbox.sent(batch.map(({ id }) => id));
    try {
      return batchAnswer(await api.call({ method: 'POST', path: COMMANDS, body: { commands }, token, signal: abort.signal }));
    } finally {
      this.#underWay = null;
      outbox.unanswered(batch.map(({ id }) => id));
    }
  }

  async #judge(batch: readonly OutboxItem[], answer: BatchAnswer, token: string): Promise<number> {
    switch (answer.kind) {
      case 'outcomes':
        return this.#settle(batch, answer.outcomes);
      case 'later':
        return this.#failed(answer.retryAfterMs);
      case 'not-accepted':
        // How the device stands, only the session says: there the server has seen the key.
        this.#parts.sessions.forget(token);
        return this.#failed(null);
      case 'unreadable':
        if (batch.length > 1) return this.#halve(batch.length);
        return this.#settle(
          batch,
          batch.map(({ id }) => ({ id, outcome: 'refused', code: UNREADABLE })),
        );
      case 'broke':
        return this.#broke(batch);
    }
  }

  async #settle(batch: readonly OutboxItem[], outcomes: readonly CommandOutcome[]): Promise<number> {
    const asked = new Set(batch.map(({ id }) => id));
    const own = outcomes.filter(({ id }) => asked.has(id));
    await this.#parts.outbox.settle(own);
    for (const outcome of own) this.#answered(outcome);
    if (own.length === 0) return this.#failed(null);
    this.#failures = 0;
    this.#breaks = 0;
    this.#size = Math.min(BATCH_LIMIT_VALUE, this.#size * 2);
    for (const { id } of own) this.#breaksOf.delete(id);
    return 0;
  }

  #halve(length: number): number {
    this.#size = Math.max(1, Math.ceil(length / 2));
    this.#breaks = 0;
    return jittered(200, this.#ports.random);
  }

  #broke(batch: readonly OutboxItem[]): number {
    const [first] = batch;
    if (batch.length === 1 && first) {
      const times = (this.#breaksOf.get(first.id) ?? 0) + 1;
      this.#breaksOf.set(first.id, times);
      if (times >= BREAKS_BEFORE_ASIDE && !this.#parts.outbox.isUrgent(first.kind)) {
        this.#aside.set(first.id, this.#ports.clock.monotonic() + ASIDE_FOR);
        return 0;
      }
    } else {
      this.#breaks += 1;
      if (this.#breaks >= BREAKS_BEFORE_HALVING) this.#halve(batch.length);
    }
    return this.#failed(null);
  }

  #failed(retryAfterMs: number | null): number {
    this.#failures += 1;
    const wait = backoffMs(this.#failures, this.#ports.random);
    const asked = retryAfterMs === null ? wait : Math.max(wait, retryAfterMs);
    return this.#parts.outbox.hasUrgent() ? Math.min(asked, URGENT_CAP) : Math.max(1, asked);
  }

  #ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  #interrupt(): void {
    this.#underWay?.abort.abort();
    this.#ring();
  }

  #sleep(ms: number): Promise<void> {
    if (this.#rung) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = Number.isFinite(ms) ? this.#ports.timers.after(ms, () => this.#wake?.()) : () => undefined;
      this.#wake = () => {
        this.#wake = null;
        cancel();
        resolve();
      };
    });
  }
}
