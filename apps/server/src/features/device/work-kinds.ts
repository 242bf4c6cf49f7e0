import { type Id, must } from '@sallyport/basics';
import { cellOfPlace, type GapFinding } from '@sallyport/contracts';
import { WORK_VERDICTS } from '@sallyport/domain';
import type { CommandScope } from '../../platform/commands/index.js';
import type { Db } from '../../platform/db/index.js';
import type { WorkDecision, WorkKindDefinition } from '../../platform/feature.js';
import { endAlertOf } from '../alert/index.js';
import { endDevice } from './commands.js';

/** The newest gaps of a device; more at once says no more. */
const GAPS_SHOWN = 20;

type Titles = Awaited<ReturnType<WorkKindDefinition['titles']>>;

async function waiting(scope: CommandScope, id: Id) {
  return scope.trx.selectFrom('device').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

async function activeAt(scope: CommandScope, place: string): Promise<Id | null> {
  const row = await scope.trx.selectFrom('device').select('id').where('place', '=', place).where('state', '=', 'active').executeTakeFirst();
  return row?.id ?? null;
}

async function activate(scope: CommandScope, device: { id: Id; place: string; replaces: Id | null }, by: Id): Promise<void> {
  const taken = await activeAt(scope, device.place);
  if (device.replaces !== null) await endDevice(scope, device.replaces, by, 'device-replaced');
  if (taken !== null && taken !== device.replaces) return finish(scope, device.id, { state: 'refused' }, device.place);
  await finish(scope, device.id, { state: 'active', confirmed_by: by, confirmed_at: new Date(scope.now) }, device.place);
}

async function finish(
  scope: CommandScope,
  id: Id,
  change: { state: string; confirmed_by?: Id; confirmed_at?: Date; ended_by?: Id; ended_at?: Date },
  place: string,
): Promise<void> {
  await scope.trx
    .updateTable('device')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
  scope.hint({ topic: 'device', cell: cellOfPlace(place) });
}

/** A new device waits until an officer has compared the six digits on its screen with their own eyes; the console does not show them. */
export const enrolmentWork: WorkKindDefinition = {
  kind: 'device-enrolment',
  verdicts: WORK_VERDICTS['device-enrolment'],
  async titles(db, refs): Promise<Titles> {
    const rows = await db
      .selectFrom('device')
      .select(['id', 'place'])
      .where('id', 'in', [...refs])
      .execute();
    return new Map(rows.map(({ id, place }) => [id, { key: 'work.title.device-enrolment', values: { place, cell: cellOfPlace(place) ?? '' } }]));
  },
  async content(db, ref) {
    const device = await db.selectFrom('device').selectAll().where('id', '=', ref).executeTakeFirst();
    if (!device) return null;
    const { place, state, thumbprint, build, screen, replaces } = device;
    return { device: ref, place, state, keyThumbprint: thumbprint, build, screen, replaces, enrolledAt: new Date(device.enrolled_at).toISOString() };
  },
  async check(scope, { ref, verdict, input }) {
    const device = must(await waiting(scope, ref), 'device');
    if (device.state !== 'waiting') return 'ALREADY_DONE';
    if (verdict !== 'approve') return null;
    if (input['checkValue'] !== device.check_value) return 'CHECK_VALUE_DIFFERENT';
    const taken = await activeAt(scope, device.place);
    return taken !== null && taken !== device.replaces ? 'PLACE_TAKEN' : null;
  },
  async apply(scope, { ref, verdict, by }) {
    const device = must(await waiting(scope, ref), 'device');
    if (device.state !== 'waiting') return;
    if (verdict === 'approve') await activate(scope, device, by.id);
    else await finish(scope, ref, { state: 'refused', ended_by: by.id, ended_at: new Date(scope.now) }, device.place);
  },
};

async function alertTitles(db: Db, refs: readonly Id[], key: string): Promise<Titles> {
  const rows = await db
    .selectFrom('alert')
    .select(['id', 'place', 'cell', 'level'])
    .where('id', 'in', [...refs])
    .execute();
  return new Map(rows.map(({ id, place, cell, level }) => [id, { key, values: { place: place ?? '', cell: cell ?? '', level } }]));
}

async function alertContent(db: Db, ref: Id): Promise<Record<string, unknown> | null> {
  const alert = await db
    .selectFrom('alert')
    .select(['kind', 'level', 'title', 'place', 'state', 'device', 'raised_at'])
    .where('id', '=', ref)
    .executeTakeFirst();
  if (!alert) return null;
  const { raised_at, ...rest } = alert;
  return { alert: ref, ...rest, raisedAt: new Date(raised_at).toISOString() };
}

async function endWithAlert(scope: CommandScope, { ref, verdict, by, input }: WorkDecision): Promise<void> {
  if (verdict === 'end') await endAlertOf(scope, ref, { by, measure: input['measure'] ?? '', result: input['result'] ?? '' });
}

/** A device that gives no sign of life: an officer says what was done. */
export const silenceWork: WorkKindDefinition = {
  kind: 'device-silence',
  verdicts: WORK_VERDICTS['device-silence'],
  titles: (db, refs) => alertTitles(db, refs, 'work.title.device-silence'),
  content: alertContent,
  apply: endWithAlert,
};

/** A device whose commands are missing: an officer asks in the cell what was done there, and says what came of it. */
export const gapWork: WorkKindDefinition = {
  kind: 'device-gap',
  verdicts: WORK_VERDICTS['device-gap'],
  titles: (db, refs) => alertTitles(db, refs, 'work.title.device-gap'),
  async content(db, ref): Promise<GapFinding | null> {
    const alert = await db.selectFrom('alert').select(['device', 'raised_at']).where('id', '=', ref).executeTakeFirst();
    if (!alert?.device) return null;
    const gaps = await db
      .selectFrom('device_gap')
      .select(['generation', 'from_seq', 'to_seq', 'noticed_at', 'filled_at'])
      .where('device', '=', alert.device)
      .orderBy('noticed_at', 'desc')
      .limit(GAPS_SHOWN)
      .execute();
    return {
      alert: ref,
      device: alert.device,
      raisedAt: new Date(alert.raised_at).toISOString(),
      gaps: gaps.map(({ generation, from_seq, to_seq, noticed_at, filled_at }) => ({
        generation,
        fromSeq: Number(from_seq),
        toSeq: Number(to_seq),
        noticedAt: new Date(noticed_at).toISOString(),
        filled: filled_at !== null,
      })),
    };
  },
  apply: endWithAlert,
};

/** A command that could not be done and is kept: an administrator says what became of it. */
export const parkedWork: WorkKindDefinition = {
  kind: 'command-parked',
  verdicts: WORK_VERDICTS['command-parked'],
  titles: (db, refs) => alertTitles(db, refs, 'work.title.command-parked'),
  content: alertContent,
  apply: endWithAlert,
};
