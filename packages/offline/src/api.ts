import { SECOND } from '@sallyport/basics';
import { retryAfterMs } from './backoff.js';
import type { Connection } from './connection.js';
import type { NetAnswer, Ports } from './ports.js';

/** Long enough for a server that is busy with a change-over, short enough that a person still waits. */
const TIMEOUT = 10 * SECOND;

export interface Answered {
  readonly status: number;
  readonly json: unknown;
  readonly retryAfterMs: number | null;
  /** Monotonic reading when the request left. */
  readonly sentAt: number;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

/** Requests as JSON. Returns null when no answer of the server came; tells the connection state either way. */
export class Api {
  readonly #ports: Pick<Ports, 'net' | 'clock'>;
  readonly #connection: Connection;

  constructor(ports: Pick<Ports, 'net' | 'clock'>, connection: Connection) {
    this.#ports = ports;
    this.#connection = connection;
  }

  async call(call: Call): Promise<Answered | null> {
    const { net, clock } = this.#ports;
    const sentAt = clock.monotonic();
    const headers: Record<string, string> = { accept: 'application/json' };
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    if (call.token !== undefined) headers.authorization = `Device ${call.token}`;
    let answer: NetAnswer;
    try {
      answer = await net({
        method: call.method,
        path: call.path,
        headers,
        timeoutMs: TIMEOUT,
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        ...(call.signal && { signal: call.signal }),
      });
    } catch {
      if (!call.signal?.aborted) this.#connection.lost();
      return null;
    }
    const json = parsed(answer.body);
    if (isGateway(answer.status)) this.#connection.lost();
    else if (json === null && answer.status === 200) {
      // The page of a proxy or a sign-in portal: our server answers in JSON, so it has not answered.
      this.#connection.lost();
      return null;
    } else this.#connection.answered();
    return { status: answer.status, json, retryAfterMs: retryAfterMs(answer.retryAfter, clock.now()), sentAt };
  }
}

/** A proxy that stands before a dead server answers with these. */
function isGateway(status: number): boolean {
  return status === 502 || status === 504;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

/** The `code` of an error answer, or an empty text. */
export function codeOf(json: unknown): string {
  return typeof json === 'object' && json !== null && 'code' in json && typeof json.code === 'string' ? json.code : '';
}
