import type { PersonRef, ReaderKind } from './envelope.js';

/*
 * How the page of a terminal speaks to the device bridge on its own machine: a WebSocket on the loopback, JSON messages, one reading at
 * a time. The bridge takes connections only from the origin of the cell terminals (`Origin`) that name it by this address (`Host`). It
 * can send no person that the server would believe without the reader's own signature, and the page can invent none. No schema
 * library here: the terminal loads this file.
 */

/** The one address beside the server that a cell terminal may connect to; its content policy names it. */
export const BRIDGE_URL = 'ws://127.0.0.1:38470';
/** Subprotocol of the connection; a bridge that speaks another version refuses it. */
export const BRIDGE_PROTOCOL = 'bridge.v1';

/** Asks a reader to recognise one person and to sign `bridgeText` of the act. Ends with one answer. */
export interface BridgeAsk {
  readonly id: string;
  readonly op: 'person.prove';
  readonly args: {
    /** Thumbprint of the reader's key (`readerId`). */
    readonly reader: string;
    readonly kind: ReaderKind;
    readonly person: PersonRef;
    readonly nonce: string;
    /** base64url SHA-256 of `actText`. */
    readonly actHash: string;
  };
  /** Milliseconds from its arrival until the bridge gives up: the clocks of page and bridge need not agree. */
  readonly deadlineMs: number;
}

/** `absent`: no such reader is plugged in. `no-match`: somebody else, or not readable. `timed-out`: nobody came. `busy`: another reading runs. */
export const BRIDGE_ERRORS = ['absent', 'no-match', 'timed-out', 'busy', 'refused'] as const;
export type BridgeErrorCode = (typeof BRIDGE_ERRORS)[number];
/** `ready`: waits for the person. `reading`: somebody is there and must hold still. */
export const READING_STATES = ['ready', 'reading'] as const;
export type ReadingState = (typeof READING_STATES)[number];

/** What the bridge says to an ask: any number of events, then one end. `signature`: ES256, P1363, base64url. */
export type BridgeSays =
  | { readonly id: string; readonly event: ReadingState }
  | { readonly id: string; readonly ok: { readonly signature: string } }
  | { readonly id: string; readonly error: { readonly code: BridgeErrorCode; readonly retryable: boolean } };

/** Longest message of the bridge in characters; what is longer is not read. */
export const BRIDGE_MESSAGE_LIMIT = 4_000;

function memberOf<const Value extends string>(values: readonly Value[], value: unknown): value is Value {
  return values.some((one) => one === value);
}

/** Reads a message of the bridge; null for anything that is not one. */
export function readBridgeMessage(data: unknown): BridgeSays | null {
  if (typeof data !== 'string' || data.length > BRIDGE_MESSAGE_LIMIT) return null;
  try {
    const { id, event, ok, error } = JSON.parse(data) as {
      id?: unknown;
      event?: unknown;
      ok?: { signature?: unknown };
      error?: { code?: unknown; retryable?: unknown };
    };
    if (typeof id !== 'string') return null;
    if (memberOf(READING_STATES, event)) return { id, event };
    if (typeof ok?.signature === 'string' && /^[A-Za-z0-9_-]{1,200}$/.test(ok.signature)) return { id, ok: { signature: ok.signature } };
    if (memberOf(BRIDGE_ERRORS, error?.code)) return { id, error: { code: error.code, retryable: error.retryable === true } };
    return null;
  } catch {
    return null;
  }
}
