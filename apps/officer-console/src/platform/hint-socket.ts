import { SECOND } from '@sallyport/basics';
import { io } from 'socket.io-client';

/** The part of a Socket.IO client that the console uses; tests give one of their own. */
export interface HintSocket {
  readonly connected: boolean;
  /** Whether it tries again by itself. False once the server has refused or ended it. */
  readonly active: boolean;
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, listener: (value: unknown) => void): unknown;
}

const FIRST_PAUSE = SECOND;
/** A console that was refused for long still follows the house by its own questions every few seconds, so half a minute is soon enough. */
const LONGEST_PAUSE = 30 * SECOND;

/**
 * Milliseconds until a socket that was refused `refusals` times asks again: doubled each time, and anything between half of it and the
 * whole, so that consoles that lost the server together do not return together. `fraction` is a random number from 0 to 1.
 */
export function refusedPause(refusals: number, fraction: number): number {
  return Math.round(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.max(0, refusals - 1)) * (0.5 + fraction / 2));
}

export function openHintSocket(): HintSocket {
  return io({ transports: ['websocket'], reconnectionDelayMax: 5_000, randomizationFactor: 0.8 });
}

/**
 * Keeps the socket coming back. Socket.IO tries again by itself after a lost line, but never after the server has refused it (a session that
 * had just run out, a database that was not there yet) or ended it; then this asks again, with growing pauses, until it is let in.
 */
export class Comeback {
  #refusals = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly socket: HintSocket,
    private readonly fraction: () => number = Math.random,
  ) {}

  /** The socket is open: the next refusal counts as the first. */
  opened(): void {
    this.#refusals = 0;
    clearTimeout(this.#timer);
  }

  /** The socket is closed or could not be opened. */
  closed(): void {
    clearTimeout(this.#timer);
    if (this.socket.active) return;
    this.#refusals += 1;
    this.#timer = setTimeout(() => this.socket.connect(), refusedPause(this.#refusals, this.fraction()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
