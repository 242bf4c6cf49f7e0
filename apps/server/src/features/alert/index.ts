import type { AlertKind } from '@sallyport/contracts';
import { sql } from 'kysely';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Feature } from '../../platform/feature.js';
import { closeWorkItems } from '../work/index.js';
import { callCommands } from './call.js';
import { type Ending, endLocked, officerAlertCommands } from './commands.js';
import { alertJobs } from './escalation.js';
import { loadQuery } from './load.js';
import { alertQueries } from './queries.js';
import { type AlertScope, addAlertEvents, lockAlerts, WORK_OF } from './store.js';
import type { AlertSubject } from './subjects.js';
import { emergencyCallWork } from './work-kind.js';

export type { Ending } from './commands.js';
export { type NewAlert, type RaisedAlert, raiseAlert, raiseAlerts } from './raise.js';
export type { AlertRecord, AlertScope } from './store.js';
export type { AlertSubject } from './subjects.js';

/** Alerts. `subjects` are the slices that end with an alert of theirs, e.g. `createAlert([dutyAnomalyAlert])`. */
export function createAlert(subjects: readonly AlertSubject[]): Feature {
  const byKind = new Map<AlertKind, AlertSubject>(subjects.map((subject) => [subject.kind, subject]));
  return {
    commands: [...callCommands, ...officerAlertCommands(byKind)],
    queries: [...alertQueries(byKind), loadQuery],
    jobs: alertJobs,
    workKinds: [emergencyCallWork],
  };
}

/** Ends an alert because its subject ended elsewhere, by a named officer. One that is over already is left alone. */
export async function endAlertOf(scope: CommandScope, alert: string, ending: Ending): Promise<void> {
  const found = (await lockAlerts(scope.trx, [alert])).get(alert);
  if (found && found.state !== 'ended') await endLocked(scope, found, ending);
}

/** Takes alerts back because the world has settled them, e.g. a silent device speaks again. They stay in the list; their work items go. Never for a call. */
export async function clearAlerts(scope: AlertScope, alerts: readonly string[], note: string): Promise<void> {
  const locked = [...(await lockAlerts(scope.trx, alerts)).values()];
  const found = locked.filter(({ kind, state }) => kind !== 'emergency-call' && state !== 'ended' && state !== 'withdrawn');
  if (found.length === 0) return;
  await scope.trx
    .updateTable('alert')
    .set({ state: 'withdrawn', withdrawn_at: new Date(scope.now) })
    .where('id', '=', sql<string>`any(${found.map(({ id }) => id)}::uuid[])`)
    .execute();
  await addAlertEvents(
    scope,
    found.map(({ id }) => ({ alert: id, what: 'cleared', note })),
  );
  for (const kind of new Set(found.map((alert) => alert.kind))) {
    const refs = found.filter((alert) => alert.kind === kind).flatMap(({ id, subject }) => (subject === null ? [id] : [id, subject]));
    await closeWorkItems(scope, WORK_OF[kind], refs, { by: null, what: 'cleared', note });
  }
  for (const { cell } of found) scope.hint({ topic: 'alert', cell });
}

/** Takes one alert back; see `clearAlerts`. */
export async function clearAlert(scope: AlertScope, alert: string, note: string): Promise<void> {
  await clearAlerts(scope, [alert], note);
}
