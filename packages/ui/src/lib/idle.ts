/** Milliseconds without a touch until each step. Site policy; longer for a person who needs more time. */
export interface IdleTiming {
  /** Sensitive values are hidden again. */
  readonly maskAfter: number;
  /** The page is covered and asks whether somebody is there. */
  readonly askAfter: number;
  /** Time to answer; then the session ends. */
  readonly answerWithin: number;
}
export type IdlePhase = 'off' | 'active' | 'masked' | 'asking' | 'left';
export interface IdleState {
  readonly phase: IdlePhase;
  /** Monotonic milliseconds of the last touch. */
  readonly touchedAt: number;
}
export type IdleEvent = { readonly type: 'start' | 'touch' | 'tick'; readonly at: number } | { readonly type: 'stop' };

export const idleOff: IdleState = { phase: 'off', touchedAt: 0 };

function phaseAfter(quiet: number, timing: IdleTiming): IdlePhase {
  if (quiet >= timing.askAfter + timing.answerWithin) return 'left';
  if (quiet >= timing.askAfter) return 'asking';
  return quiet >= timing.maskAfter ? 'masked' : 'active';
}

/**
 * The next state of a personal session on a shared screen. A touch that comes after the time was up does not bring the
 * session back, even when no tick came in between (the machine slept): the next person may be the one who touches.
 */
export function idleStep(state: IdleState, event: IdleEvent, timing: IdleTiming): IdleState {
  if (event.type === 'stop') return idleOff;
  if (event.type === 'start') return { phase: 'active', touchedAt: event.at };
  if (state.phase === 'off' || state.phase === 'left') return state;
  const phase = phaseAfter(event.at - state.touchedAt, timing);
  if (event.type === 'touch' && phase !== 'left') return { phase: 'active', touchedAt: event.at };
  return phase === state.phase ? state : { ...state, phase };
}

/** Whole seconds until the session ends, for the count-down; never negative. */
export function idleSecondsLeft(state: IdleState, at: number, timing: IdleTiming): number {
  return Math.max(0, Math.ceil((state.touchedAt + timing.askAfter + timing.answerWithin - at) / 1_000));
}
