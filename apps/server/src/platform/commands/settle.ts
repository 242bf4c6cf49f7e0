import { setTimeout as sleep } from 'node:timers/promises';
import { fraction, must, type Random } from '@sallyport/basics';
import type { Log } from '../log/index.js';
import type { Arrival, Settled } from './arrival.js';
import { type BatchContext, parkOne, runBatch } from './batch.js';
import { failureKind, faultText } from '../db/failures.js';

/** A command that waits for its answer. */
export interface Waiting {
  readonly arrival: Arrival;
  resolve(settled: Settled): void;
  reject(error: unknown): void;
}

export interface SettleContext extends BatchContext {
  readonly random: Random;
  readonly log: Log;
}

/** Conflicts with other transactions are rare and short; after so many something holds a lock for good. */
const CONFLICT_TRIES = 6;
const CONFLICT_PAUSE_MS = 20;
/** A command that fails alone this often is at fault itself. */
const FAULT_TRIES = 3;
const FAULT_PAUSE_MS = 25;

async function runThroughConflicts(context: SettleContext, arrivals: readonly Arrival[]): Promise<Settled[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runBatch(context, arrivals);
    } catch (error) {
      if (failureKind(error) !== 'conflict' || attempt === CONFLICT_TRIES) throw error;
      await sleep(fraction(context.random) * CONFLICT_PAUSE_MS * attempt);
    }
  }
}

function answer(waiting: readonly Waiting[], settled: readonly Settled[]): void {
  waiting.forEach((one, index) => one.resolve(must(settled[index], 'settled command')));
}

/** Tries a command that failed alone some more times, then parks it, so that its neighbours and its device go on. */
async function settleCulprit(context: SettleContext, culprit: Waiting, firstError: unknown): Promise<void> {
  let error = firstError;
  for (let attempt = 2; attempt <= FAULT_TRIES; attempt += 1) {
    await sleep(FAULT_PAUSE_MS * attempt);
    try {
      return answer([culprit], await runThroughConflicts(context, [culprit.arrival]));
    } catch (next) {
      error = next;
      if (failureKind(error) !== 'fault') throw error;
    }
  }
  context.log.error({ err: error, kind: culprit.arrival.kind, attempts: FAULT_TRIES }, 'command parked');
  answer([culprit], await parkWhateverComes(context, culprit.arrival, faultText(error)));
}

/** Parking must not fail because the notice to the administrator does. */
async function parkWhateverComes(context: SettleContext, arrival: Arrival, error: string): Promise<Settled[]> {
  try {
    return await parkOne(context, arrival, error);
  } catch (failure) {
    if (failureKind(failure) !== 'fault') throw failure;
    context.log.error({ err: failure, kind: arrival.kind }, 'parked command could not be announced');
    return parkOne({ ...context, onParked: async () => undefined }, arrival, error);
  }
}

/**
 * Answers every waiting command. A batch that fails unexpectedly is done again in halves until the one at fault stands alone.
 * Where the database cannot work, those not yet answered are rejected with its error: nothing of them was done.
 */
export async function settle(context: SettleContext, waiting: readonly Waiting[]): Promise<void> {
  try {
    answer(
      waiting,
      await runThroughConflicts(
        context,
        waiting.map(({ arrival }) => arrival),
      ),
    );
  } catch (error) {
    const [first] = waiting;
    if (!first || failureKind(error) !== 'fault') {
      for (const one of waiting) one.reject(error);
    } else if (waiting.length === 1) {
      await settleCulprit(context, first, error).catch((failure: unknown) => first.reject(failure));
    } else {
      const middle = Math.ceil(waiting.length / 2);
      await settle(context, waiting.slice(0, middle));
      await settle(context, waiting.slice(middle));
    }
  }
}
