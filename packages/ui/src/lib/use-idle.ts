import { useEffect, useReducer, useRef, useState } from 'react';
import { type IdleEvent, idleOff, type IdlePhase, idleSecondsLeft, type IdleState, idleStep, type IdleTiming } from './idle';

export interface IdleOptions {
  /** True during a personal session. */
  readonly active: boolean;
  readonly timing: IdleTiming;
  /** Called once when nobody answered; the app wipes the session. */
  readonly onLeave: () => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}
export interface Idle {
  readonly phase: IdlePhase;
  readonly secondsLeft: number;
  /** The answer to "are you still there?". */
  readonly stay: () => void;
}

/** Often enough for a count-down in seconds. */
const TICK_MS = 250;
const touches = ['pointerdown', 'keydown'] as const;
const monotonic = () => performance.now();

/** Runs the idle machine on real touches of the page. Hide sensitive values from `masked` on, take them out of the page from `asking` on. */
export function useIdle({ active, timing, onLeave, now = monotonic }: IdleOptions): Idle {
  const limits = useRef(timing);
  limits.current = timing;
  const [state, send] = useReducer((before: IdleState, event: IdleEvent) => idleStep(before, event, timing), idleOff);
  const [secondsLeft, setSecondsLeft] = useState(0);
  const leave = useRef(onLeave);
  leave.current = onLeave;
  const latest = useRef(state);
  latest.current = state;
  useEffect(() => {
    if (!active) return;
    send({ type: 'start', at: now() });
    const touched = () => send({ type: 'touch', at: now() });
    const timer = setInterval(() => {
      send({ type: 'tick', at: now() });
      setSecondsLeft(idleSecondsLeft(latest.current, now(), limits.current));
    }, TICK_MS);
    for (const name of touches) window.addEventListener(name, touched, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      for (const name of touches) window.removeEventListener(name, touched, { capture: true });
      send({ type: 'stop' });
    };
  }, [active, now]);
  useEffect(() => {
    if (state.phase === 'left') leave.current();
  }, [state.phase]);
  return { phase: state.phase, secondsLeft, stay: () => send({ type: 'touch', at: now() }) };
}
