import { type Clock, type Id, type Instant, MINUTE } from '@sallyport/basics';
import type { DeviceEnvelope } from '@sallyport/contracts';
import { instantTextOf } from './ports.js';
import { type Watched, WatchedValue } from './watched.js';

/** A sample older than this gives way to a newer one even if that took longer: crystals drift about a second a day. */
const SAMPLE_AGE = 30 * MINUTE;

interface Sample {
  readonly serverAt: Instant;
  readonly monotonicMs: number;
  readonly roundTripMs: number;
}

/** What an earlier boot knew of the server's clock: how far the device's wall clock was behind it, and the server's time of knowing. */
export interface KeptOffset {
  readonly offsetMs: number;
  readonly learntAt: Instant;
}

/**
 * Where the time on the screen comes from: a `sample` of this boot; the wall clock put right by what an earlier boot knew (`kept`); the
 * same with a wall clock that has since been behind the last known time of the server, so that it was set or lost its battery (`astray`);
 * or the bare wall clock (`device`).
 */
export type ClockBasis = 'sample' | 'kept' | 'astray' | 'device';

/** The server's time, as far as this boot knows it (decision 19). Never trusted by the server, always sent along. */
export class ServerClock {
  readonly #clock: Clock;
  readonly #bootId: Id;
  readonly #sample = new WatchedValue<Sample | null>(null);
  #kept: { readonly offsetMs: number; readonly astray: boolean } | null = null;

  constructor(clock: Clock, bootId: Id) {
    this.#clock = clock;
    this.#bootId = bootId;
  }

  /** Changes when a better sample arrives. */
  readonly sampled: Watched<Sample | null> = this.#sample;

  /** Takes the server's time from an answer whose request left at monotonic `sentAt`. */
  take(serverTime: string, sentAt: number): void {
    const serverAt = Date.parse(serverTime);
    if (Number.isNaN(serverAt)) return;
    const arrived = this.#clock.monotonic();
    const sample: Sample = { serverAt, monotonicMs: Math.round((sentAt + arrived) / 2), roundTripMs: arrived - sentAt };
    const old = this.#sample.get();
    const moved = old !== null && Math.abs(this.#project(old, sample.monotonicMs) - serverAt) > old.roundTripMs + sample.roundTripMs + 1_000;
    if (old === null || moved || sample.roundTripMs <= old.roundTripMs || arrived - old.monotonicMs > SAMPLE_AGE) this.#sample.set(sample);
  }

  /**
   * Takes what an earlier boot knew, for the screen until a sample comes. A wall clock that would put the time before `learntAt` is
   * wrong: the time then runs on from there, as the latest that is known to have been.
   */
  recall({ offsetMs, learntAt }: KeptOffset): void {
    const wall = this.#clock.now();
    const astray = wall + offsetMs < learntAt;
    this.#kept = { offsetMs: astray ? learntAt - wall : offsetMs, astray };
  }

  /** Where the time comes from. */
  basis(): ClockBasis {
    if (this.#sample.get() !== null) return 'sample';
    if (this.#kept === null) return 'device';
    return this.#kept.astray ? 'astray' : 'kept';
  }

  #project(sample: Sample, monotonic: number): Instant {
    return sample.serverAt + (monotonic - sample.monotonicMs);
  }

  /** Best guess of the server's time now, see `basis`. */
  now(): Instant {
    const sample = this.#sample.get();
    return sample === null ? this.#clock.now() + (this.#kept?.offsetMs ?? 0) : Math.round(this.#project(sample, this.#clock.monotonic()));
  }

  /** True while this boot has not heard the server's time. */
  guessed(): boolean {
    return this.#sample.get() === null;
  }

  /** Server time minus the device's wall clock, in milliseconds; 0 while unknown. */
  offsetMs(): number {
    return this.now() - this.#clock.now();
  }

  /**
   * The device's own time of an act. The bare wall clock, which a sample of the same boot puts right on the server; without one the best
   * guess, because nothing else will. Either way it is a claim and no proof: the server marks it as unknown.
   */
  claim(): Instant {
    return this.guessed() ? this.now() : this.#clock.now();
  }

  /** The reading that travels with a command: samples of this boot only. What an earlier boot knew is a guess and is not sent as one. */
  reading(): DeviceEnvelope['clock'] {
    const sample = this.#sample.get();
    return {
      bootId: this.#bootId,
      monotonicMs: Math.round(this.#clock.monotonic()),
      ...(sample && { sample: { serverAt: instantTextOf(sample.serverAt), monotonicMs: sample.monotonicMs } }),
    };
  }
}
