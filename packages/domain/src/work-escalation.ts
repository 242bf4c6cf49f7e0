import { type Instant, MINUTE, SECOND } from '@sallyport/basics';
import type { PolicyDocument, Role, WorkKind } from '@sallyport/contracts';

export interface EscalationStep {
  readonly afterSeconds: number;
  readonly to: readonly Role[];
}

/** Where the telling of more and more people stands. `step` counts from 0 and is -1 before the first. */
export interface EscalationState {
  readonly step: number;
  readonly to: readonly Role[];
  /** When this step was reached; the start before the first. */
  readonly at: Instant;
  readonly nextTo: readonly Role[] | null;
  readonly nextAt: Instant | null;
}

type Policy = Pick<PolicyDocument, 'work' | 'alert' | 'duty'>;

/** Whoever else the policy names, these hear of a call the moment it comes: help is in the one room, the doctor in the other. */
const TOLD_AT_ONCE: readonly Role[] = ['medical', 'control-room'];

/** The steps of a call: the policy's, and before them all whoever is told at once (ALERT12). */
function callSteps(steps: readonly EscalationStep[]): readonly EscalationStep[] {
  const named = steps.filter(({ afterSeconds }) => afterSeconds === 0).flatMap(({ to }) => to);
  const added = TOLD_AT_ONCE.filter((role) => !named.includes(role));
  return [{ afterSeconds: 0, to: [...added, ...named] }, ...steps.filter(({ afterSeconds }) => afterSeconds > 0)];
}

/** Who is told of an open item of a kind, after how many seconds. Calls follow `alert.escalation`, duty and roll-call reviews the timeline of the slot (WORK9). */
export function escalationSteps(kind: WorkKind, policy: Policy): readonly EscalationStep[] {
  if (kind === 'emergency-call') return callSteps(policy.alert.escalation);
  if (kind !== 'duty-review' && kind !== 'roll-call-review') return policy.work.kinds[kind].escalation;
  const { leaderAfterMinutes, alarmAfterMinutes } = policy.duty.signIn;
  const leader: EscalationStep = { afterSeconds: ((leaderAfterMinutes - alarmAfterMinutes) * MINUTE) / SECOND, to: ['leadership'] };
  return leader.afterSeconds > 0
    ? [{ afterSeconds: 0, to: ['cell-officer', 'control-room'] }, leader]
    : [{ afterSeconds: 0, to: ['cell-officer', 'control-room', 'leadership'] }];
}

/** The step reached at an instant, counted from `startedAt`; it follows from the clock alone, so a restart loses nothing (WORK10). */
export function escalationAt(steps: readonly EscalationStep[], startedAt: Instant, now: Instant): EscalationState {
  const instant = (step: EscalationStep) => startedAt + step.afterSeconds * SECOND;
  const reached = steps.filter((step) => instant(step) <= now);
  const current = reached.at(-1);
  const next = steps[reached.length];
  return {
    step: reached.length - 1,
    to: current?.to ?? [],
    at: current ? instant(current) : startedAt,
    nextTo: next?.to ?? null,
    nextAt: next ? instant(next) : null,
  };
}
