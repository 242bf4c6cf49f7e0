import type { Id, Instant } from '@sallyport/basics';
import type { AlertKind, AlertLevel, WorkKind } from '@sallyport/contracts';
import type { Alert as RuleAlert } from '@sallyport/domain';
import { type Selectable, sql, type Updateable } from 'kysely';
import type { Schema, Trx } from '../../platform/db/index.js';
import type { WorkScope } from '../work/index.js';

/** What writing an alert needs of a command's or a job's scope. */
export type AlertScope = WorkScope;

type Row = Selectable<Schema['alert']>;
/** An alert as it rests, its closed sets typed; the table's constraints hold them. */
export interface AlertRecord extends Omit<Row, 'kind' | 'level' | 'state'> {
  readonly kind: AlertKind;
  readonly level: AlertLevel;
  readonly state: RuleAlert['state'];
}

/** The kind of work item that stands for an alert; its chain of escalation is the alert's. */
export const WORK_OF: Readonly<Record<AlertKind, WorkKind>> = {
  'emergency-call': 'emergency-call',
  'duty-anomaly': 'duty-review',
  'roll-call-missing': 'roll-call-review',
  'device-silent': 'device-silence',
  'device-gap': 'device-gap',
  'sealed-parked': 'command-parked',
  'job-stuck': 'job-stuck',
};

/** The alert as the rules read it. */
export function ruleAlert(alert: AlertRecord): RuleAlert {
  const { id, kind, state, count, reopened } = alert;
  const step = (officer: Id | null, at: Instant | null) => (officer === null || at === null ? null : { officer, at });
  const ended = step(alert.ended_by, alert.ended_at);
  return {
    id,
    kind,
    cause: alert.merge_key,
    state,
    raisedAt: alert.raised_at,
    callingSince: alert.clock_at,
    count,
    lastAt: alert.last_raised_at,
    reopened,
    acknowledged: step(alert.acknowledged_by, alert.acknowledged_at),
    arrived: step(alert.arrived_by, alert.arrived_at),
    ended: ended && { ...ended, measure: alert.measure ?? '', result: alert.result ?? '' },
  };
}

/** Locks alerts in one order and gives them by id. */
export async function lockAlerts(trx: Trx, ids: readonly Id[]): Promise<Map<Id, AlertRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom('alert')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map((rows as AlertRecord[]).map((row) => [row.id, row]));
}

/** Alerts of these causes that are not over, locked. Whoever raises the same cause at the same moment waits here. */
export async function lockCauses(trx: Trx, causes: readonly string[]): Promise<AlertRecord[]> {
  await sql`select pg_advisory_xact_lock(key) from (select distinct hashtextextended(cause, 7) as key from unnest(${[...causes]}::text[]) as cause order by 1) as keys`.execute(
    trx,
  );
  const rows = await trx
    .selectFrom('alert')
    .selectAll()
    .where('merge_key', 'in', [...new Set(causes)])
    .where('state', 'in', ['calling', 'acknowledged', 'arrived'])
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows as AlertRecord[];
}

/** Changes one alert; the caller has locked it. */
export async function setAlert(scope: AlertScope, id: Id, change: Partial<Updateable<Schema['alert']>>): Promise<void> {
  await scope.trx.updateTable('alert').set(change).where('id', '=', id).execute();
}

export interface AlertEvent {
  readonly alert: Id;
  readonly at?: Instant;
  readonly who?: { readonly id: Id; readonly name: string } | null;
  readonly what: string;
  readonly note?: string | null;
}

/** Adds lines to the histories. They are never changed. */
export async function addAlertEvents(scope: AlertScope, events: readonly AlertEvent[]): Promise<void> {
  if (events.length === 0) return;
  await scope.trx
    .insertInto('alert_event')
    .values(
      events.map((event) => ({
        id: scope.newId(),
        alert: event.alert,
        at: new Date(event.at ?? scope.now),
        who: event.who?.id ?? null,
        who_name: event.who?.name ?? null,
        what: event.what,
        note: event.note ?? null,
      })),
    )
    .execute();
}
