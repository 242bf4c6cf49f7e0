import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE, SECOND } from '@sallyport/basics';

/** A child process that was started and is ready. */
interface Running {
  readonly process: { readonly pid?: number | undefined };
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  /** Starts the child and resolves when it is ready; `onCrash` is told when it ends although nobody stopped it. */
  start(onCrash: (message: string) => void): Promise<Running>;
  /** Clears what a dead child left, before the next start. */
  clear(): Promise<void>;
  readonly log: { warn(message: string): void };
  /** Before the first new start; each further one waits three times as long. */
  readonly firstPauseMs?: number;
  /** The child cannot be kept alive. */
  onGivenUp(message: string): void;
}

export interface Supervised {
  pid(): number;
  stop(): Promise<void>;
}

/** Restarts within this time; more of them are no accident, and a person has to look. */
const MOST_RESTARTS = 5;
const WITHIN_MS = 10 * MINUTE;
const FIRST_PAUSE_MS = 200;

/**
 * Keeps a child alive: one that dies is started again at once, then after longer pauses, so that a killed or crashed database costs
 * seconds and not the server.
 * @throws when the first start fails.
 */
export async function supervise({ start, clear, log, onGivenUp, firstPauseMs = FIRST_PAUSE_MS }: SuperviseOptions): Promise<Supervised> {
  const deaths: number[] = [];
  let stopped = false;
  const isStopped = () => stopped;
  let ready = false;
  let restarting: Promise<void> = Promise.resolve();
  let child: Running;
  const onCrash = (message: string): void => {
    // A child that dies before it was ready fails its own start, which is tried again there.
    if (stopped || !ready) return;
    ready = false;
    restarting = restart(message);
  };
  const restart = async (message: string): Promise<void> => {
    let why = message;
    while (!isStopped()) {
      const now = performance.now();
      deaths.push(now);
      const recent = deaths.filter((at) => at > now - WITHIN_MS).length;
      if (recent > MOST_RESTARTS) return onGivenUp(`${why} It was started ${MOST_RESTARTS} times in ${WITHIN_MS / MINUTE} minutes.`);
      log.warn(`${why} It is started again.`);
      await sleep(Math.min(firstPauseMs * 3 ** (recent - 1), 10 * SECOND));
      try {
        await clear();
        child = await start(onCrash);
        ready = true;
        log.warn('The database is back.');
        if (stopped) await child.stop();
        return;
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
    }
  };
  child = await start(onCrash);
  ready = true;
  return {
    pid: () => child.process.pid ?? 0,
    stop: async () => {
      stopped = true;
      await restarting;
      await child.stop();
    },
  };
}
