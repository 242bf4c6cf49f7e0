import type { Clock, Instant, Random } from '@sallyport/basics';
import type { PublicJwk, SealedContent } from '@sallyport/contracts';

/*
 * Everything this package needs from outside, so that a simulator can drive it with its own time, chance, link and disk.
 */

export interface NetRequest {
  readonly method: 'GET' | 'POST';
  /** Path with query on the server's origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After this many milliseconds without a whole answer the request counts as unanswered. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}
export interface NetAnswer {
  readonly status: number;
  readonly body: string;
  /** Value of `Retry-After` as sent, or null. */
  readonly retryAfter: string | null;
}
/** Sends one request. Rejects when no whole answer came: what the server did is then unknown. */
export type Net = (request: NetRequest) => Promise<NetAnswer>;

export interface Timers {
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

export type Table = 'meta' | 'outbox' | 'cache';
/** A write of one value; without `value` the key is removed. */
export interface StoreChange {
  readonly table: Table;
  readonly key: string;
  readonly value?: unknown;
}
/** A small durable store. Values are structured clones. */
export interface Store {
  get(table: Table, key: string): Promise<unknown>;
  /** All values of a table, in no promised order. */
  all(table: Table): Promise<unknown[]>;
  /**
   * One atomic read-modify-write: `plan` gets the present values of `read` and says what to write. Resolves only when the writes
   * are on disk; rejects when nothing was written. `plan` runs synchronously and may run in another order than called.
   */
  update(read: readonly (readonly [Table, string])[], plan: (values: unknown[]) => readonly StoreChange[]): Promise<void>;
}

/** A second, tiny place to remember a number, kept apart from the store so that a wiped store is noticed. */
export interface Witness {
  read(): string | null;
  write(text: string): void;
}

/** A device's key pair. `kept` is what the store holds of it: in a browser a key that cannot be read out. */
export interface DeviceKey {
  readonly publicKey: PublicJwk;
  readonly kept: unknown;
}
export interface Keys {
  create(): Promise<DeviceKey>;
  /** ES256 over the UTF-8 of `text` as base64url of the 64 raw bytes. */
  sign(kept: unknown, text: string): Promise<string>;
  sha256(text: string): Promise<Uint8Array>;
}
export interface SealKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
}
/** Seals content so that only the server reads it; bound to the command id. */
export type Seal = (content: SealedContent, key: SealKey, commandId: string) => Promise<string>;

/** At most one task of a name runs at a time among all pages of the origin. The task ends when its signal aborts. */
export interface Leader {
  lead(task: (signal: AbortSignal) => Promise<void>): () => void;
  /** Tells the other pages that the store changed. */
  ring(): void;
  onRing(listener: () => void): () => void;
}

/** Says that something changed on the server, never what. Delivery is not promised. */
export interface HintSource {
  /** `token` gives a session token for each connection attempt, or null when there is none. Returns a stop function. */
  open(token: () => Promise<string | null>, on: { hint(): void; up(): void; down(): void }): () => void;
}

export interface StorageHealth {
  readonly persisted: boolean;
  readonly freeBytes: number | null;
}

export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly net: Net;
  readonly timers: Timers;
  readonly store: Store;
  readonly witness: Witness;
  readonly keys: Keys;
  readonly seal: Seal;
  readonly leader: Leader;
  readonly hints: HintSource;
  readonly storageHealth: () => Promise<StorageHealth>;
}

/** The device's own wall clock as wire text. */
export function instantTextOf(at: Instant): string {
  return new Date(at).toISOString();
}
