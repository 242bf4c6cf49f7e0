import { type Id, must } from '@sallyport/basics';
import { alertAcknowledge, alertArrive, alertEnd, alertPauseSound, blockOfCell } from '@sallyport/contracts';
import { accessRefusal, acknowledgeAlert, type AlertRefusal, arriveAlert, arriveBy, endAlert, type Permission, settledAlert } from '@sallyport/domain';
import {
  accepted,
  type CommandKind,
  type CommandScope,
  commandKind,
  type Handled,
  type Incoming,
  type OfficerActor,
  oneByOne,
  refused,
} from '../../platform/commands/kind.js';
import { reopenOverdue, scheduleArrival } from './escalation.js';
import { pausedUntil, SOUND_PAUSED, soundPauses } from './sound.js';
import { type AlertSubjects, settleEnded } from './subjects.js';
import { type AlertRecord, addAlertEvents, lockAlerts, ruleAlert, setAlert } from './store.js';

/** The refusal as the second officer reads it: who did it and when. */
function refuseBy(refusal: AlertRefusal, alert: AlertRecord): Handled<never> {
  const by = alert.ended_name ?? alert.arrived_name ?? alert.acknowledged_name;
  const details = { state: alert.state, by, at: refusal.at === undefined ? null : new Date(refusal.at).toISOString() };
  const messages: Partial<Record<typeof refusal.code, string>> = {
    ALREADY_DONE: `it is ${alert.state} already`,
    VERDICT_NOT_OFFERED: 'a call can be ended only after somebody has arrived',
    BODY_INVALID: 'measure and result must each say something',
  };
  return refused(refusal.code, messages[refusal.code] ?? refusal.code, details);
}

type Touch<Body, Result> = (scope: CommandScope, command: Incoming<Body>, alert: AlertRecord, officer: OfficerActor) => Promise<Handled<Result>>;

/** Locks the alerts of a batch in one order, lets overdue ones open again, then answers one after the other within the officer's blocks. */
function onAlerts<Body extends { alert: Id }, Result>(permission: Permission, touch: Touch<Body, Result>) {
  const one = oneByOne<Body, Result>(async (scope, command) => {
    const officer = command.actor as OfficerActor;
    await reopenOverdue(scope, command.body.alert);
    const alert = (await lockAlerts(scope.trx, [command.body.alert])).get(command.body.alert);
    if (!alert) return refused('NOT_FOUND', 'no such alert');
    const code = accessRefusal(officer.posts, permission, alert.cell === null ? null : blockOfCell(alert.cell));
    if (code) return refused(code, 'this alert lies outside your blocks or rights');
    return touch(scope, command, alert, officer);
  });
  return async (scope: CommandScope, commands: readonly Incoming<Body>[]) => {
    await lockAlerts(
      scope.trx,
      commands.map(({ body }) => body.alert),
    );
    return one(scope, commands);
  };
}

const acknowledge = commandKind<typeof alertAcknowledge>({
  contract: alertAcknowledge,
  access: { by: 'officer', permission: 'alert.acknowledge' },
  audit: ({ body }) => ({ subjectKind: 'alert', subjectId: body.alert }),
  handle: onAlerts('alert.acknowledge', async (scope, _command, alert, officer) => {
    const done = acknowledgeAlert(ruleAlert(alert), officer.id, scope.now, scope.policy);
    if (!done.ok) return refuseBy(done.error, alert);
    const due = arriveBy(done.value, scope.policy);
    const named = { acknowledged_by: officer.id, acknowledged_name: officer.name, acknowledged_at: new Date(scope.now) };
    await setAlert(scope, alert.id, { state: 'acknowledged', ...named, arrive_by: due === null ? null : new Date(due) });
    await scheduleArrival(scope, settledAlert(done.value, scope.now, scope.policy));
    await addAlertEvents(scope, [{ alert: alert.id, who: officer, what: 'acknowledged' }]);
    scope.hint({ topic: 'alert', cell: alert.cell });
    return accepted({});
  }),
});

const arrive = commandKind<typeof alertArrive>({
  contract: alertArrive,
  access: { by: 'officer', permission: 'alert.acknowledge' },
  audit: ({ body }) => ({ subjectKind: 'alert', subjectId: body.alert }),
  handle: onAlerts('alert.acknowledge', async (scope, _command, alert, officer) => {
    const done = arriveAlert(ruleAlert(alert), officer.id, scope.now, scope.policy);
    if (!done.ok) return refuseBy(done.error, alert);
    const acknowledged =
      alert.acknowledged_by === null ? { acknowledged_by: officer.id, acknowledged_name: officer.name, acknowledged_at: new Date(scope.now) } : {};
    await setAlert(scope, alert.id, {
      state: 'arrived',
      ...acknowledged,
      arrived_by: officer.id,
      arrived_name: officer.name,
      arrived_at: new Date(scope.now),
      arrive_by: null,
    });
    await addAlertEvents(scope, [{ alert: alert.id, who: officer, what: 'arrived' }]);
    scope.hint({ topic: 'alert', cell: alert.cell });
    return accepted({});
  }),
});

/** Pauses a ringing sound for all consoles; the next officer learns who did. It cannot be made longer while it lasts, and the escalation goes on. */
const pauseSound = commandKind<typeof alertPauseSound>({
  contract: alertPauseSound,
  access: { by: 'officer', permission: 'alert.acknowledge' },
  audit: ({ body }) => ({ subjectKind: 'alert', subjectId: body.alert }),
  handle: onAlerts('alert.acknowledge', async (scope, _command, alert, officer) => {
    if (alert.state !== 'calling')
      return refused('ALREADY_DONE', `it is ${alert.state} already and makes no sound`, { state: alert.state, by: alert.acknowledged_name, at: null });
    const running = (await soundPauses(scope.trx, [alert.id], scope)).get(alert.id);
    if (running) return refused('ALREADY_DONE', 'its sound is paused already', { state: 'paused', by: running.by, at: new Date(running.until).toISOString() });
    await addAlertEvents(scope, [{ alert: alert.id, who: officer, what: SOUND_PAUSED }]);
    scope.hint({ topic: 'alert', cell: alert.cell });
    return accepted({ until: new Date(pausedUntil(scope.now, scope.policy)).toISOString() });
  }),
});

export interface Ending {
  readonly by: { readonly id: Id; readonly name: string };
  readonly measure: string;
  readonly result: string;
}

/** Ends a locked alert; the refusal when the rules do not allow it. Its subject is left to the caller. */
export async function endLocked(scope: CommandScope, alert: AlertRecord, { by, measure, result }: Ending): Promise<AlertRefusal | null> {
  const done = endAlert(ruleAlert(alert), { officer: by.id, measure, result }, scope.now, scope.policy);
  if (!done.ok) return done.error;
  await setAlert(scope, alert.id, { state: 'ended', ended_by: by.id, ended_name: by.name, ended_at: new Date(scope.now), measure, result, arrive_by: null });
  await addAlertEvents(scope, [{ alert: alert.id, who: by, what: 'ended', note: measure }]);
  scope.hint({ topic: 'alert', cell: alert.cell });
  return null;
}

/** The officers' commands. Ending an alert also ends what it is about, by the slice that raised it. */
export function officerAlertCommands(subjects: AlertSubjects): CommandKind[] {
  const end = commandKind<typeof alertEnd>({
    contract: alertEnd,
    access: { by: 'officer', permission: 'alert.end' },
    audit: ({ body }) => ({ subjectKind: 'alert', subjectId: body.alert, reason: body.measure, detail: { result: body.result } }),
    handle: onAlerts('alert.end', async (scope, { body }, alert, officer) => {
      const ending: Ending = { by: { id: officer.id, name: officer.name }, measure: body.measure, result: body.result };
      const refusal = await endLocked(scope, alert, ending);
      if (refusal) return refuseBy(refusal, alert);
      await settleEnded(subjects, scope, must((await lockAlerts(scope.trx, [alert.id])).get(alert.id), 'alert'), ending);
      return accepted({});
    }),
  });
  return [acknowledge, arrive, pauseSound, end];
}
