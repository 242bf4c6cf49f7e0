import type { Id } from '@sallyport/basics';
import { type BodyOf, cellOfPlace, deviceMove, deviceRevoke, enrolmentCreate, type ResultOf } from '@sallyport/contracts';
import type { Config } from '../../platform/config/index.js';
import { accepted, type CommandKind, type CommandScope, commandKind, type Handled, type Incoming, oneByOne, refused } from '../../platform/commands/index.js';
import { closeWorkItems } from '../work/index.js';
import { enrolmentCodeOf } from './codes.js';
import { makeEnrolment, placeExists } from './enrolment.js';
import { endSilence } from './heartbeat.js';

type Nothing = Record<never, never>;

async function lockDevice(scope: CommandScope, id: Id) {
  return scope.trx.selectFrom('device').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

async function activeAt(scope: CommandScope, place: string): Promise<Id | null> {
  const row = await scope.trx.selectFrom('device').select('id').where('place', '=', place).where('state', '=', 'active').executeTakeFirst();
  return row?.id ?? null;
}

const noPlace = (place: string) => refused('NOT_FOUND', `There is no place ${place} in this house.`);

async function create(
  origins: Config['origins'],
  scope: CommandScope,
  { id, actor, body }: Incoming<BodyOf<typeof enrolmentCreate>>,
): Promise<Handled<ResultOf<typeof enrolmentCreate>>> {
  if (!(await placeExists(scope.trx, body.place))) return noPlace(body.place);
  if (body.replaces !== undefined) {
    const old = await lockDevice(scope, body.replaces);
    if (old?.state !== 'active') return refused('NOT_FOUND', 'The device to be replaced is not active.');
  }
  const { expiresAt, ...made } = await makeEnrolment(scope, origins, { id, place: body.place, replaces: body.replaces ?? null, by: actor.id });
  return accepted({ ...made, expiresAt: new Date(expiresAt).toISOString() });
}

/** Ends a device in the caller's transaction: its commands, its sessions and its sockets. */
export async function endDevice(scope: CommandScope, device: Id, by: Id | null, note: string): Promise<void> {
  const ended = await scope.trx
    .updateTable('device')
    .set((eb) => ({ state: 'revoked', ended_by: by, ended_at: new Date(scope.now), version: eb('version', '+', 1) }))
    .where('id', '=', device)
    .returning('place')
    .executeTakeFirst();
  if (!ended) return;
  const silence = await scope.trx
    .selectFrom('device_silence')
    .select(['id', 'alert'])
    .where('device', '=', device)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (silence) await endSilence(scope, silence.id, silence.alert, ended.place, note);
  await closeWorkItems(scope, 'device-enrolment', [device], { by: null, what: note });
  scope.disconnect({ kind: 'device', id: device });
  scope.hint({ topic: 'device', cell: cellOfPlace(ended.place) });
}

async function move(scope: CommandScope, { body }: Incoming<BodyOf<typeof deviceMove>>): Promise<Handled<Nothing>> {
  const device = await lockDevice(scope, body.device);
  if (device?.state !== 'active') return refused('NOT_FOUND', 'There is no such active device.');
  if (device.place === body.place) return refused('ALREADY_DONE', 'The device is bound to that place already.');
  if (!(await placeExists(scope.trx, body.place))) return noPlace(body.place);
  if ((await activeAt(scope, body.place)) !== null) return refused('PLACE_TAKEN', 'Another active device stands there. Revoke or move it first.');
  await scope.trx
    .updateTable('device')
    .set((eb) => ({ place: body.place, version: eb('version', '+', 1) }))
    .where('id', '=', device.id)
    .execute();
  // The next session tells the device where it stands.
  scope.disconnect({ kind: 'device', id: device.id });
  for (const place of [device.place, body.place]) scope.hint({ topic: 'device', cell: cellOfPlace(place) });
  return accepted({});
}

async function revoke(scope: CommandScope, { body, actor }: Incoming<BodyOf<typeof deviceRevoke>>): Promise<Handled<Nothing>> {
  const device = await lockDevice(scope, body.device);
  if (!device) return refused('NOT_FOUND', 'There is no such device.');
  if (device.state === 'revoked' || device.state === 'refused') return refused('ALREADY_DONE', 'The device has ended already.');
  await endDevice(scope, device.id, actor.id, 'device-revoked');
  return accepted({});
}

/** What administrators do with devices. */
export function deviceCommands(origins: Config['origins']): CommandKind[] {
  return [
    commandKind<typeof enrolmentCreate>({
      contract: enrolmentCreate,
      access: { by: 'officer', permission: 'device.manage' },
      audit: ({ id, body }) => ({
        subjectKind: 'enrolment',
        subjectId: id,
        cell: cellOfPlace(body.place),
        detail: { place: body.place, replaces: body.replaces },
      }),
      secret: {
        stored: ({ enrolment, expiresAt, url }) => ({ enrolment, expiresAt, url: url.slice(0, url.indexOf('#')) }),
        restored: (keys, id, stored) => {
          const code = enrolmentCodeOf(keys, id);
          const { url, expiresAt } = stored as { url: string; expiresAt: string };
          return { enrolment: id, code, expiresAt, url: `${url}#enrol=${code}` };
        },
      },
      handle: oneByOne((scope, command) => create(origins, scope, command)),
    }),
    commandKind<typeof deviceMove>({
      contract: deviceMove,
      access: { by: 'officer', permission: 'device.manage' },
      audit: ({ body }) => ({
        subjectKind: 'device',
        subjectId: body.device,
        cell: cellOfPlace(body.place),
        reason: body.reason,
        detail: { place: body.place },
      }),
      handle: oneByOne(move),
    }),
    commandKind<typeof deviceRevoke>({
      contract: deviceRevoke,
      access: { by: 'officer', permission: 'device.manage' },
      audit: ({ body }) => ({ subjectKind: 'device', subjectId: body.device, reason: body.reason }),
      handle: oneByOne(revoke),
    }),
  ];
}
