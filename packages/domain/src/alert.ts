import { err, type Instant, MINUTE, ok, type Result, SECOND } from '@sallyport/basics';
import type { AlertKind, AlertLevel, AnomalyKind, PolicyDocument, RefusalCode } from '@sallyport/contracts';

/** An alert as it stands. A withdrawn one stays visible to staff until a named officer ends it. */
export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  /** Alerts of one cause join: e.g. `call:0101`, `silence:switch-3`. */
  readonly cause: string;
  readonly state: 'calling' | 'acknowledged' | 'arrived' | 'ended' | 'withdrawn';
  readonly raisedAt: Instant;
  /** From here the escalation counts: the call, or its last re-opening. */
  readonly callingSince: Instant;
  readonly count: number;
  readonly lastAt: Instant;
  readonly reopened: number;
  readonly acknowledged: AlertStep | null;
  readonly arrived: AlertStep | null;
  readonly ended: (AlertStep & { readonly measure: string; readonly result: string }) | null;
}
export interface AlertStep {
  readonly officer: string;
  readonly at: Instant;
}
export interface AlertRefusal {
  readonly code: RefusalCode;
  readonly officer?: string;
  readonly at?: Instant;
}
type Outcome = Result<Alert, AlertRefusal>;
type Policy = Pick<PolicyDocument, 'alert'>;

/** Kinds for which somebody has to go and see; only those re-open and only those need an arrival before their end. */
const ATTENDED: ReadonlySet<AlertKind> = new Set(['emergency-call']);

export function raiseAlert(id: string, kind: AlertKind, cause: string, at: Instant): Alert {
  return {
    id,
    kind,
    cause,
    state: 'calling',
    raisedAt: at,
    callingSince: at,
    count: 1,
    lastAt: at,
    reopened: 0,
    acknowledged: null,
    arrived: null,
    ended: null,
  };
}

/** The open alert that a new one of the same cause joins, or null: one still calling, or one that last rang within the merge time (ALERT7). */
export function alertToJoin(open: readonly Alert[], cause: string, at: Instant, policy: Policy): Alert | null {
  const joins = (alert: Alert) =>
    alert.cause === cause && (alert.state === 'calling' || (isOpen(alert) && at - alert.lastAt <= policy.alert.mergeSeconds * SECOND));
  return open.find(joins) ?? null;
}

export function joinAlert(alert: Alert, at: Instant): Alert {
  return { ...alert, count: alert.count + 1, lastAt: Math.max(at, alert.lastAt) };
}

/** Whether somebody still has to do something loudly: not ended and not withdrawn. */
export function isOpen(alert: Alert): boolean {
  return alert.state === 'calling' || alert.state === 'acknowledged' || alert.state === 'arrived';
}

/** The presser takes the call back, by the time of the act. After 5 s, or once a human answered, only staff can end it (ALERT2). */
export function withdrawAlert(alert: Alert, actedAt: Instant, policy: Policy): Outcome {
  const inTime = actedAt >= alert.raisedAt && actedAt - alert.raisedAt <= policy.alert.withdrawSeconds * SECOND;
  return inTime && alert.kind === 'emergency-call' && alert.state === 'calling' && alert.reopened === 0
    ? ok({ ...alert, state: 'withdrawn' })
    : err({ code: 'WITHDRAW_TOO_LATE' });
}

function alreadyDone(step: AlertStep | null): Outcome {
  return err(step ? { code: 'ALREADY_DONE', officer: step.officer, at: step.at } : { code: 'ALREADY_DONE' });
}

/** A named officer has received it: the sound stops, the clock does not. */
export function acknowledgeAlert(stored: Alert, officer: string, now: Instant, policy: Policy): Outcome {
  const alert = settledAlert(stored, now, policy);
  if (alert.state !== 'calling') return alreadyDone(alert.ended ?? alert.arrived ?? alert.acknowledged);
  return ok({ ...alert, state: 'acknowledged', acknowledged: { officer, at: now } });
}

/** The officer stands at the door. Whoever arrives without having acknowledged has done both. */
export function arriveAlert(stored: Alert, officer: string, now: Instant, policy: Policy): Outcome {
  const alert = settledAlert(stored, now, policy);
  if (alert.state !== 'calling' && alert.state !== 'acknowledged') return alreadyDone(alert.ended ?? alert.arrived);
  return ok({ ...alert, state: 'arrived', acknowledged: alert.acknowledged ?? { officer, at: now }, arrived: { officer, at: now } });
}

/** Ends an alert with what was done and what came of it. A call that nobody attended cannot be ended, unless it was withdrawn (ALERT5). */
export function endAlert(stored: Alert, by: { officer: string; measure: string; result: string }, now: Instant, policy: Policy): Outcome {
  const alert = settledAlert(stored, now, policy);
  if (alert.ended) return alreadyDone(alert.ended);
  if (by.measure.trim() === '' || by.result.trim() === '') return err({ code: 'BODY_INVALID' });
  if (ATTENDED.has(alert.kind) && alert.state !== 'arrived' && alert.state !== 'withdrawn') return err({ code: 'VERDICT_NOT_OFFERED' });
  return ok({ ...alert, state: 'ended', ended: { ...by, at: now } });
}

/** When an acknowledged call opens again because nobody arrived, or null. */
export function arriveBy(alert: Alert, policy: Policy): Instant | null {
  return ATTENDED.has(alert.kind) && alert.state === 'acknowledged' && alert.acknowledged
    ? alert.acknowledged.at + policy.alert.arriveWithinMinutes * MINUTE
    : null;
}

/** The alert as time alone has made it: acknowledged without arrival calls again, from that moment (ALERT4). */
export function settledAlert(alert: Alert, now: Instant, policy: Policy): Alert {
  const due = arriveBy(alert, policy);
  return due !== null && due <= now ? { ...alert, state: 'calling', callingSince: due, reopened: alert.reopened + 1, acknowledged: null } : alert;
}

const ANOMALY_LEVELS: Readonly<Record<AnomalyKind, AlertLevel>> = {
  NO_DUTY: 'high',
  SOLO_DUTY: 'medium',
  LEFT_POST: 'medium',
  SLEEPING: 'medium',
  WRONG_PERSON: 'medium',
  EXCLUDED_PERSON: 'medium',
  TERMINAL_OFFLINE: 'medium',
  ABNORMAL_REPORT: 'medium',
  NO_ROSTER: 'medium',
  LATE: 'low',
};

export function anomalyLevel(kind: AnomalyKind): AlertLevel {
  return ANOMALY_LEVELS[kind];
}

/** How loud the silence of a device is: nothing, amber (`medium`) or red (`high`), and when that changes next (ALERT8). */
export function silenceLevel(lastSignAt: Instant, now: Instant, policy: Policy): { level: AlertLevel | null; nextAt: Instant | null } {
  const amberAt = lastSignAt + policy.alert.silenceAmberSeconds * SECOND;
  const redAt = lastSignAt + policy.alert.silenceRedSeconds * SECOND;
  if (now < amberAt) return { level: null, nextAt: amberAt };
  return now < redAt ? { level: 'medium', nextAt: redAt } : { level: 'high', nextAt: null };
}

/** The address of a cell in another system of the site, e.g. its camera; null where the site names none, or the alert lies in no cell (ALERT11). */
export function cellAddress(template: string, cell: string | null): string | null {
  return template === '' || cell === null ? null : template.replaceAll('{cell}', encodeURIComponent(cell));
}
