import { type Id, must } from '@sallyport/basics';
import { endAlert, WORK_VERDICTS } from '@sallyport/domain';
import type { WorkKindDefinition } from '../../platform/feature.js';
import { endLocked } from './commands.js';
import { lockAlerts, ruleAlert } from './store.js';

/** Emergency calls in the queue: ended there with the same words and the same rules as on the alert's own page. */
export const emergencyCallWork: WorkKindDefinition = {
  kind: 'emergency-call',
  verdicts: WORK_VERDICTS['emergency-call'],
  async titles(db, refs) {
    const rows = await db
      .selectFrom('alert')
      .select(['id', 'cell', 'place', 'count', 'state'])
      .where('id', 'in', [...refs])
      .execute();
    return new Map<Id, { key: string; values: Record<string, string> }>(
      rows.map(({ id, cell, place, count, state }) => [
        id,
        { key: 'work.title.emergency-call', values: { cell: cell ?? '', place: place ?? '', count: String(count), state } },
      ]),
    );
  },
  async content(db, ref) {
    const alert = await db.selectFrom('alert').selectAll().where('id', '=', ref).executeTakeFirst();
    if (!alert) return null;
    const { state, count, proved, reopened } = alert;
    return {
      alert: ref,
      state,
      count,
      proved,
      reopened,
      raisedAt: new Date(alert.raised_at).toISOString(),
      acknowledgedBy: alert.acknowledged_name,
      arrivedBy: alert.arrived_name,
    };
  },
  async check(scope, { ref, by, input }) {
    const alert = must((await lockAlerts(scope.trx, [ref])).get(ref), 'alert');
    const done = endAlert(ruleAlert(alert), { officer: by.id, measure: input['measure'] ?? '', result: input['result'] ?? '' }, scope.now, scope.policy);
    return done.ok ? null : done.error.code;
  },
  async apply(scope, { ref, by, input }) {
    const alert = must((await lockAlerts(scope.trx, [ref])).get(ref), 'alert');
    await endLocked(scope, alert, { by, measure: input['measure'] ?? '', result: input['result'] ?? '' });
  },
};
