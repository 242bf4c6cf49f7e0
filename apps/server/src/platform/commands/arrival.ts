import type { Id, Instant } from '@sallyport/basics';
import type { CommandOutcome, Proof, RefusalCode } from '@sallyport/contracts';
import type { CommandKind, DeviceActor, OfficerActor } from './kind.js';

/** Who sent a command, as known before the transaction; a device is read again inside it. */
export type Sender = OfficerActor | DeviceActor;

/** The times of a command (decision 19). */
export interface ActTimes {
  readonly claimedAt: Instant;
  readonly receivedAt: Instant;
  readonly correctedAt: Instant;
  readonly skewMs: number | null;
}

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly details?: Record<string, unknown>;
}

/** A device's own number of the command. */
export interface DeviceNumber {
  readonly generation: Id;
  readonly seq: number;
}

/** What was settled about a command before its transaction. */
export type Prejudged =
  /** Goes to its handler. */
  | { readonly go: 'handle' }
  /** Refused for ever under its id. */
  | { readonly go: 'refuse'; readonly refusal: Refusal }
  /** Refused without taking the id: the sender of the envelope is not certain, or the same act may come again. */
  | { readonly go: 'turn-away'; readonly refusal: Refusal }
  /** Kept for an administrator: sealed to a key that this server does not have. */
  | { readonly go: 'park'; readonly error: string };

/** A command at the door: parsed, opened, checked as far as it goes without the database. */
export interface Arrival {
  readonly id: Id;
  readonly kind: string;
  readonly version: number;
  readonly sender: Sender;
  /** Commands of one key are done in the order they came: the cell of a device, the id of an officer. */
  readonly orderKey: string;
  readonly emergency: boolean;
  /** As it came, for the quarantine. */
  readonly envelope: unknown;
  readonly definition: CommandKind | null;
  /** Checked by the kind's schema; null unless `prejudged` says handle. */
  readonly body: unknown;
  readonly proof: Proof | null;
  readonly actText: string;
  readonly fingerprint: Buffer;
  readonly number: DeviceNumber | null;
  readonly times: ActTimes;
  readonly prejudged: Prejudged;
}

/** The answer to an arrival. `unauthorised`: the device may send nothing (any more); the whole request is answered 401. */
export type Settled = { readonly kind: 'outcome'; readonly outcome: CommandOutcome } | { readonly kind: 'unauthorised' };
