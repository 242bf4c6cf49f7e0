import type { Log } from '../log/index.js';

/** Things to end, in the reverse order of their beginning. */
export interface Lifecycle {
  /** `end` is called once, when everything that began later has ended. */
  onStop(name: string, end: () => Promise<unknown>): void;
  /** Ends everything once; a part that fails does not keep the others. @returns whether all ended well. */
  stop(): Promise<boolean>;
}

export function createLifecycle(log: Log): Lifecycle {
  const parts: { readonly name: string; readonly end: () => Promise<unknown> }[] = [];
  let stopping: Promise<boolean> | undefined;
  const endAll = async (): Promise<boolean> => {
    let well = true;
    for (const { name, end } of parts.toReversed()) {
      try {
        await end();
      } catch (error) {
        well = false;
        log.error({ err: error, event: name }, 'a part did not stop cleanly');
      }
    }
    return well;
  };
  return {
    onStop: (name, end) => parts.push({ name, end }),
    stop: () => (stopping ??= endAll()),
  };
}

/** After a signal: requests finish, then jobs, then the database. Past this time the process ends anyway; nothing acknowledged is lost. */
const STOP_PATIENCE_MS = 30_000;

/** A terminal, npm and our own starter may each pass on the same key press. */
const SAME_PRESS_MS = 1_000;

/** Stops cleanly at the first SIGTERM or SIGINT; another one later ends the process at once. */
export function stopOnSignals(lifecycle: Lifecycle, log: Log): void {
  let asked: number | undefined;
  const onSignal = (): void => {
    if (asked !== undefined) {
      if (performance.now() - asked > SAME_PRESS_MS) process.exit(1);
      return;
    }
    asked = performance.now();
    log.info('stopping');
    setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
    void lifecycle.stop().then((well) => process.exit(well ? 0 : 1));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** A fault that nobody caught leaves the process in an unknown state: it says so and ends, and whoever watches it starts a new one. */
export function endOnFaults(lifecycle: Lifecycle, log: Log): void {
  const onFault = (error: unknown): void => {
    log.fatal({ err: error }, 'unexpected fault, the server ends');
    setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref();
    void lifecycle.stop().then(() => process.exit(1));
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
}
