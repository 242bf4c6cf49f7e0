import { useRef } from 'react';

/** A second press within this time is a trembling or impatient finger, not a second wish. */
export const DOUBLE_PRESS_MS = 600;

/** Wraps an act so that it runs at most once per `DOUBLE_PRESS_MS`. The command behind it must be idempotent all the same. `now` is a monotonic clock in milliseconds. */
export function guardPress<Arguments extends unknown[]>(
  act: (...given: Arguments) => void,
  state: { last: number },
  now: () => number,
): (...given: Arguments) => void {
  return (...given) => {
    const at = now();
    if (at - state.last < DOUBLE_PRESS_MS) return;
    state.last = at;
    act(...given);
  };
}

const monotonic = () => performance.now();

/** The act, guarded against double presses when `guarded`. */
export function usePressGuard<Arguments extends unknown[]>(act: ((...given: Arguments) => void) | undefined, guarded: boolean) {
  const state = useRef({ last: Number.NEGATIVE_INFINITY });
  if (!act || !guarded) return act;
  return guardPress(act, state.current, monotonic);
}
