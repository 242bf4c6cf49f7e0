import type { Id, Instant } from '@sallyport/basics';
import type { CommandOutcome, DeviceEnvelope } from '@sallyport/contracts';

/** A command as it rests in the store: only id, kind, sequence and times are readable, even to this terminal. */
export interface OutboxItem extends Omit<DeviceEnvelope, 'signature'> {
  /** Made at the first sending and then kept, so that every retry sends the same bytes. */
  readonly signature: string | null;
  /** Order of making on this store, over all generations. */
  readonly order: number;
  readonly done: { readonly outcome: CommandOutcome['outcome']; readonly code: string | null; readonly at: Instant; readonly seen: boolean } | null;
}

/** *saved here, sent, accepted, refused*; `parked`: the centre keeps it and an administrator looks at it. */
export type ItemState = 'saved' | 'sent' | CommandOutcome['outcome'];

/** What a screen may show of an item. */
export interface ItemView {
  readonly id: Id;
  readonly kind: string;
  readonly seq: number;
  readonly madeAt: string;
  /** The server's time of the act, as well as this device knew it. */
  readonly at: Instant;
  readonly state: ItemState;
  readonly code: string | null;
}

/** An act that was begun: its id and time are fixed, so that a proof can be bound to it before it is saved. */
export interface Draft {
  readonly id: Id;
  readonly kind: string;
  readonly version: number;
  readonly madeAt: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The envelope of a signed item. */
export function envelopeOf(item: OutboxItem & { readonly signature: string }): DeviceEnvelope {
  const { id, kind, version, madeAt, seq, generation, clock, sealed, signature } = item;
  return { id, kind, version, madeAt, seq, generation, clock, sealed, signature };
}

/** The server's time at which an item was made: by the sample of its boot where there was one, else as claimed. */
export function serverTimeOf({ madeAt, clock: { monotonicMs, sample } }: Pick<OutboxItem, 'madeAt' | 'clock'>): Instant {
  return sample === undefined ? Date.parse(madeAt) : Date.parse(sample.serverAt) + monotonicMs - sample.monotonicMs;
}
