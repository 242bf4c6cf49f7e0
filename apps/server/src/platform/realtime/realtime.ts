import type { UnrecordedCall } from '@sallyport/contracts';
import type { Client, Hint } from '../commands/kind.js';

/** Tells the open screens that something changed, never what. Delivery is not promised: who missed a hint catches up by cursor. */
export interface Realtime {
  publish(hints: readonly Hint[], cursor: string): void;
  /** Ends the sockets of somebody whose access ended. */
  disconnect(client: Client): void;
  /** A call for help that the database has not taken within a second (HARD): shown, marked "not recorded". */
  announceUnrecorded(call: UnrecordedCall): void;
}
