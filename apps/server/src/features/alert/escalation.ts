import { type Id, must, SECOND } from '@sallyport/basics';
import { id, type PolicyDocument } from '@sallyport/contracts';
import { type Alert as RuleAlert, arriveBy, escalationSteps, settledAlert } from '@sallyport/domain';
import { z } from 'zod';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { JobHandler } from '../../platform/feature.js';
import { type NewJob, schedule, scheduleAll } from '../../platform/jobs/index.js';
import { markEscalated } from '../work/index.js';
import { type AlertScope, addAlertEvents, lockAlerts, ruleAlert, setAlert, WORK_OF } from './store.js';

const ESCALATE_JOB = 'alert.escalate';
const ARRIVAL_JOB = 'alert.arrival';

/** The job of step `step` of an alert's chain, as a list: empty when the chain is shorter. A re-opened alert has jobs of its own. */
export function escalationJobs(alert: RuleAlert, step: number, policy: PolicyDocument): NewJob[] {
  const next = escalationSteps(WORK_OF[alert.kind], policy)[step];
  if (!next) return [];
  const payload = { alert: alert.id, reopened: alert.reopened, step };
  return [{ kind: ESCALATE_JOB, key: `${alert.id}:${alert.reopened}:${step}`, dueAt: alert.callingSince + next.afterSeconds * SECOND, payload }];
}

/** Looks whether somebody has arrived when the time for it is over. */
export async function scheduleArrival(scope: AlertScope, alert: RuleAlert): Promise<void> {
  const dueAt = arriveBy(alert, scope.policy);
  if (dueAt !== null) await schedule(scope.trx, { kind: ARRIVAL_JOB, key: `${alert.id}:${alert.reopened}:${dueAt}`, dueAt, payload: { alert: alert.id } });
}

const stepPayload = z.strictObject({ alert: id, reopened: z.int(), step: z.int() });
const arrivalPayload = z.strictObject({ alert: id });

async function escalate(scope: CommandScope, payload: z.infer<typeof stepPayload>): Promise<void> {
  const alert = (await lockAlerts(scope.trx, [payload.alert])).get(payload.alert);
  if (!alert || alert.state !== 'calling' || alert.reopened !== payload.reopened || alert.step >= payload.step) return;
  const step = escalationSteps(WORK_OF[alert.kind], scope.policy)[payload.step];
  if (!step) return;
  const at = alert.clock_at + step.afterSeconds * SECOND;
  const to = must(step.to.at(-1), 'post of the step');
  await setAlert(scope, alert.id, { step: payload.step, step_at: new Date(at) });
  await addAlertEvents(scope, [{ alert: alert.id, what: 'escalated', note: step.to.join(' ') }]);
  await markEscalated(scope, [alert.subject ?? alert.id], payload.step, to);
  await scheduleAll(scope.trx, escalationJobs(ruleAlert(alert), payload.step + 1, scope.policy));
  scope.hint({ topic: 'alert', cell: alert.cell });
}

/** Acknowledged, but nobody came: it calls again, from the moment the time was over, and its chain begins anew. */
export async function reopenOverdue(scope: AlertScope, id: Id): Promise<void> {
  const alert = (await lockAlerts(scope.trx, [id])).get(id);
  if (!alert) return;
  const before = ruleAlert(alert);
  const after = settledAlert(before, scope.now, scope.policy);
  if (after === before) return;
  const { reopened, callingSince } = after;
  const unanswered = { acknowledged_by: null, acknowledged_name: null, acknowledged_at: null, arrive_by: null };
  await setAlert(scope, id, { state: 'calling', ...unanswered, reopened, clock_at: new Date(callingSince), step: 0, step_at: new Date(callingSince) });
  await addAlertEvents(scope, [{ alert: id, what: 'reopened', note: alert.acknowledged_name }]);
  await scheduleAll(scope.trx, escalationJobs(after, 1, scope.policy));
  scope.hint({ topic: 'alert', cell: alert.cell });
}

export const alertJobs: readonly JobHandler[] = [
  { kind: ESCALATE_JOB, run: (scope, job) => escalate(scope, stepPayload.parse(job.payload)) },
  { kind: ARRIVAL_JOB, run: (scope, job) => reopenOverdue(scope, arrivalPayload.parse(job.payload).alert) },
];
