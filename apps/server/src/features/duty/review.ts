import type { Id } from '@sallyport/basics';
import type { AnomalyView } from '@sallyport/contracts';
import { WORK_VERDICTS } from '@sallyport/domain';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import type { WorkKindDefinition } from '../../platform/feature.js';
import { type AlertSubject, type Ending, endAlertOf } from '../alert/index.js';
import { peopleByIds } from '../person/index.js';
import { closeWorkItems } from '../work/index.js';
import { type AnomalyRecord, anomaliesByIds, anomalyViews } from './anomaly-view.js';
import { named } from './view.js';

/** Ends anomalies by a named officer with measure and result; those that are ended already stay as they were. */
async function endAnomalies(
  scope: CommandScope,
  column: 'id' | 'alert',
  ids: readonly Id[],
  { by, measure, result }: Ending,
): Promise<{ id: Id; alert: Id | null }[]> {
  if (ids.length === 0) return [];
  const ended = await scope.trx
    .updateTable('duty_anomaly')
    .set({ state: 'ended', ended_by: by.id, ended_name: by.name, ended_at: new Date(scope.now), measure, result })
    .where(column, 'in', [...ids])
    .where('state', '<>', 'ended')
    .returning(['id', 'cell', 'alert'])
    .execute();
  for (const { cell } of ended) scope.hint({ topic: 'duty', cell });
  return ended;
}

/** Ends the alerts of which no anomaly is left. */
async function endQuietAlerts(scope: CommandScope, alerts: readonly Id[], ending: Ending): Promise<void> {
  for (const alert of new Set(alerts)) {
    const left = await scope.trx.selectFrom('duty_anomaly').select('id').where('alert', '=', alert).where('state', '<>', 'ended').limit(1).executeTakeFirst();
    if (!left) await endAlertOf(scope, alert, ending);
  }
}

/** What one alert counts, where its review is that of the alert: by the alert, the first cell first. */
async function anomaliesOfAlerts(db: Db, alerts: readonly Id[]): Promise<Map<Id, AnomalyRecord[]>> {
  const rows =
    alerts.length === 0
      ? []
      : await db
          .selectFrom('duty_anomaly')
          .selectAll()
          .where('alert', 'in', [...alerts])
          .orderBy('cell')
          .orderBy('at')
          .execute();
  const byAlert = new Map<Id, AnomalyRecord[]>();
  for (const row of rows) if (row.alert !== null) byAlert.set(row.alert, [...(byAlert.get(row.alert) ?? []), row]);
  return byAlert;
}

/** The review of an anomaly in the queue. What lasts waits there too; its reference is then the alert. */
export const dutyReviewWork: WorkKindDefinition = {
  kind: 'duty-review',
  verdicts: WORK_VERDICTS['duty-review'],
  async titles(db, refs) {
    const rows = await anomaliesByIds(db, refs);
    const people = await peopleByIds(
      db,
      rows.flatMap((row) => row.people),
    );
    const found = new Set(rows.map(({ id }) => id));
    const shared = await anomaliesOfAlerts(
      db,
      refs.filter((ref) => !found.has(ref)),
    );
    const lasting = [...shared].flatMap(([alert, [first]]) => (first ? [{ ...first, id: alert, people: [] }] : []));
    return new Map(
      [...rows, ...lasting].map(({ id, kind, cell, slot, state, people: ids }) => {
        const about = ids.flatMap((person) => people.get(person) ?? []);
        const names = about.map(({ bed, maskedName }) => `${bed ?? ''} ${maskedName}`.trim());
        return [id, { key: `duty.anomaly.${kind}`, values: { cell, slot: slot ?? '', state, people: names.join(', ') }, people: about.map(named) }];
      }),
    );
  },
  async content(db, ref) {
    const [view] = await anomalyViews(db, await anomaliesByIds(db, [ref]));
    if (view) return { anomaly: view };
    const rows = (await anomaliesOfAlerts(db, [ref])).get(ref);
    return rows?.[0] ? { kind: rows[0].kind, slot: rows[0].slot, cells: rows.map(({ cell }) => cell) } : null;
  },
  async apply(scope, { ref, by, input }) {
    const ending: Ending = { by, measure: input['measure'] ?? '', result: input['result'] ?? '' };
    const ended = await endAnomalies(scope, 'id', [ref], ending);
    await endQuietAlerts(
      scope,
      ended.flatMap(({ alert }) => alert ?? []),
      ending,
    );
    if (ended.length > 0) return;
    await endAnomalies(scope, 'alert', [ref], ending);
    await endAlertOf(scope, ref, ending);
  },
};

/** What duty adds to its alerts: the anomaly on the alert's page, and its end with the alert. */
export const dutyAnomalyAlert: AlertSubject = {
  kind: 'duty-anomaly',
  async ended(scope, alert, ending) {
    const ended = await endAnomalies(scope, 'alert', [alert.id], ending);
    await closeWorkItems(
      scope,
      'duty-review',
      ended.map(({ id }) => id),
      { by: ending.by, what: 'ended', verdict: 'end', note: ending.measure },
    );
  },
  async anomalies(db, alerts) {
    const rows = await anomaliesByIds(
      db,
      alerts.flatMap(({ subject }) => subject ?? []),
    );
    const views = new Map((await anomalyViews(db, rows)).map((view) => [view.id, view]));
    return new Map<Id, AnomalyView>(
      alerts.flatMap(({ id, subject }) => {
        const view = subject === null ? undefined : views.get(subject);
        return view ? [[id, view] as const] : [];
      }),
    );
  },
};
