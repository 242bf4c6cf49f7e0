import { type Id, must } from '@sallyport/basics';
import { alertCall, alertWithdraw } from '@sallyport/contracts';
import { withdrawAlert } from '@sallyport/domain';
import {
  accepted,
  type CommandKind,
  type CommandScope,
  commandKind,
  type DeviceActor,
  type Handled,
  type Incoming,
  oneByOne,
  refused,
} from '../../platform/commands/kind.js';
import { raiseAlerts } from './raise.js';
import { addAlertEvents, lockAlerts, ruleAlert, setAlert } from './store.js';

const ANY_DEVICE = ['waiting', 'active', 'revoked', 'refused'] as const;

/** How staff see a call whose device could not prove itself; null for one that did. */
function markOf(device: DeviceActor): string | null {
  if (device.state !== 'active') return device.state;
  return device.unproved ? 'unproved' : null;
}

/** One press, whatever the device's state: nothing in it can be wrong. Presses on a call that still rings count on it. */
const call = commandKind<typeof alertCall>({
  contract: alertCall,
  access: { by: 'device', states: ANY_DEVICE },
  audit: ({ id, actor }, handled) => {
    const { cell } = actor as DeviceActor;
    return {
      subjectKind: 'alert',
      subjectId: handled.outcome === 'accepted' ? handled.result.alert : id,
      cell,
      detail: { marked: markOf(actor as DeviceActor) },
    };
  },
  async handle(scope, commands) {
    const raised = await raiseAlerts(
      scope,
      commands.map(({ id, actor, correctedAt }) => {
        const device = actor as DeviceActor;
        return {
          id,
          kind: 'emergency-call' as const,
          level: 'high' as const,
          cell: device.cell,
          place: device.place,
          cause: `call:${device.place}`,
          at: correctedAt,
          proved: markOf(device) === null,
          device: device.id,
        };
      }),
    );
    await scope.trx
      .insertInto('alert_press')
      .values(
        commands.map(({ id, actor, correctedAt }, index) => ({
          command: id,
          alert: must(raised[index], 'raised alert').alert,
          device: actor.id,
          at: new Date(scope.now),
          claimed_at: new Date(Math.min(correctedAt, scope.now)),
          marked: markOf(actor as DeviceActor),
        })),
      )
      .execute();
    return raised.map(({ alert, state }) => accepted({ alert, state: state === 'calling' ? ('calling' as const) : ('acknowledged' as const) }));
  },
});

async function withdrawOne(scope: CommandScope, command: Incoming<{ alert: Id }>): Promise<Handled<Record<never, never>>> {
  const press = await scope.trx
    .selectFrom('alert_press')
    .selectAll()
    .where((eb) => eb.or([eb('alert', '=', command.body.alert), eb('command', '=', command.body.alert)]))
    .where('device', '=', command.actor.id)
    .orderBy('at')
    .executeTakeFirst();
  const alert = press && (await lockAlerts(scope.trx, [press.alert])).get(press.alert);
  if (!alert) return refused('NOT_FOUND', 'this terminal made no such call');
  const actedAt = Math.min(command.correctedAt, command.receivedAt);
  const withdrawn = withdrawAlert(ruleAlert(alert), actedAt, scope.policy);
  if (!withdrawn.ok) return refused(withdrawn.error.code, 'only an officer can end the call now');
  await setAlert(scope, alert.id, { state: 'withdrawn', withdrawn_at: new Date(actedAt) });
  await addAlertEvents(scope, [{ alert: alert.id, what: 'withdrawn' }]);
  scope.hint({ topic: 'alert', cell: alert.cell });
  return accepted({});
}

const withdraw = commandKind<typeof alertWithdraw>({
  contract: alertWithdraw,
  access: { by: 'device' },
  audit: ({ body, actor }) => ({ subjectKind: 'alert', subjectId: body.alert, cell: (actor as DeviceActor).cell }),
  handle: oneByOne(withdrawOne),
});

export const callCommands: readonly CommandKind[] = [call, withdraw];
