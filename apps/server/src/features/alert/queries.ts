import type { Id, Instant } from '@sallyport/basics';
import {
  type AlertRow,
  type AlertView,
  type AnomalyView,
  alertDetail,
  alertList,
  blockOfCell,
  id as idText,
  instantText,
  openAlerts,
} from '@sallyport/contracts';
import { accessRefusal, blocksFor, cellAddress, escalationAt, escalationSteps, WORK_PERMISSIONS } from '@sallyport/domain';
import { type ExpressionBuilder, sql } from 'kysely';
import type { OfficerActor } from '../../platform/commands/kind.js';
import type { Schema } from '../../platform/db/index.js';
import { officerQuery, positionText, type Query, type QueryScope, readPosition } from '../../platform/queries/index.js';
import { soundPauses } from './sound.js';
import { type AlertRecord, WORK_OF } from './store.js';
import type { AlertSubjects } from './subjects.js';

type Scope = QueryScope<OfficerActor>;
const DEFAULT_LIMIT = 50;
/** More than this open at once is a flood (ux, EEMUA 191); the worst come first. */
const OPEN_LIMIT = 500;
const iso = (instant: Instant) => new Date(instant).toISOString();
const isoOrNull = (instant: Instant | null) => (instant === null ? null : iso(instant));

/** Only alerts within the blocks of the officer's posts, and those that lie in no cell. */
export function visibleTo(actor: OfficerActor) {
  const blocks = blocksFor(actor.posts, 'alert.read');
  return (eb: ExpressionBuilder<Schema, 'alert'>) =>
    blocks === 'all' ? sql<boolean>`true` : eb.or([eb('cell', 'is', null), eb(sql<string>`left(cell, 2)`, 'in', [...blocks, '--'])]);
}

export function rowOf(alert: AlertRecord): Omit<AlertRow, 'soundPaused'> {
  const { id, kind, level, cell, place, state, count, title } = alert;
  return {
    id,
    kind,
    level,
    cell,
    place,
    state,
    count,
    title,
    raisedAt: iso(alert.raised_at),
    acknowledgedBy: alert.acknowledged_name,
    arriveBy: isoOrNull(alert.arrive_by),
  };
}

function escalationOf(alert: AlertRecord, { now, policy }: Scope): AlertView['escalation'] {
  const steps = escalationSteps(WORK_OF[alert.kind], policy);
  const calling = alert.state === 'calling';
  const reached = escalationAt(steps, alert.clock_at, calling ? now : alert.step_at);
  return {
    step: Math.max(0, reached.step),
    role: reached.to.at(-1) ?? '',
    at: iso(reached.at),
    nextRole: calling ? (reached.nextTo?.at(-1) ?? null) : null,
    nextAt: calling ? isoOrNull(reached.nextAt) : null,
  };
}

/** Whether the officer may know what an alert is about, beside that it calls: the same as for the work item behind it. */
function maySeeSubject(actor: OfficerActor, { kind, cell }: AlertRecord): boolean {
  return accessRefusal(actor.posts, WORK_PERMISSIONS[WORK_OF[kind]].see, cell === null ? null : blockOfCell(cell)) === null;
}

interface Extras {
  readonly history: ReadonlyMap<Id, AlertView['history']>;
  readonly work: ReadonlyMap<Id, Id>;
  readonly anomalies: ReadonlyMap<Id, AnomalyView>;
}

async function extrasOf(scope: Scope, subjects: AlertSubjects, alerts: readonly AlertRecord[]): Promise<Extras> {
  const ids = alerts.map(({ id }) => id);
  const known = alerts.filter((alert) => maySeeSubject(scope.actor, alert));
  const refs = known.flatMap(({ id, subject }) => [id, ...(subject === null ? [] : [subject])]);
  if (ids.length === 0) return { history: new Map(), work: new Map(), anomalies: new Map() };
  const events = await scope.db.selectFrom('alert_event').selectAll().where('alert', 'in', ids).orderBy('seq').execute();
  const items = refs.length === 0 ? [] : await scope.db.selectFrom('work_item').select(['id', 'ref']).where('ref', 'in', refs).orderBy('created_at').execute();
  const history = new Map<Id, AlertView['history']>();
  for (const { alert, at, who_name, what, note } of events) history.set(alert, [...(history.get(alert) ?? []), { at: iso(at), who: who_name, what, note }]);
  const anomalies = new Map<Id, AnomalyView>();
  for (const [kind, subject] of subjects) {
    const own = known.filter((alert) => alert.kind === kind);
    if (own.length > 0) for (const [id, view] of (await subject.anomalies?.(scope.db, own)) ?? []) anomalies.set(id, view);
  }
  return { history, work: new Map(items.map(({ id, ref }) => [ref, id])), anomalies };
}

function viewOf(alert: AlertRecord, scope: Scope, extras: Extras): AlertView {
  return {
    ...rowOf(alert),
    subject: alert.subject,
    escalation: escalationOf(alert, scope),
    acknowledgedAt: isoOrNull(alert.acknowledged_at),
    arrivedAt: isoOrNull(alert.arrived_at),
    reopened: alert.reopened,
    proved: alert.proved,
    anomaly: extras.anomalies.get(alert.id) ?? null,
    workItem: extras.work.get(alert.id) ?? (alert.subject === null ? null : (extras.work.get(alert.subject) ?? null)),
    camera: cellAddress(scope.policy.alert.cameraAddress, alert.cell),
    talk: cellAddress(scope.policy.alert.talkAddress, alert.cell),
    history: extras.history.get(alert.id) ?? [],
    endedBy: alert.ended_name,
    endedAt: isoOrNull(alert.ended_at),
    measure: alert.measure,
    result: alert.result,
  };
}

/** Not over for an officer: open, or a call taken back that staff have not ended yet. */
const STILL_SHOWN = sql<boolean>`(state in ('calling', 'acknowledged', 'arrived') or (state = 'withdrawn' and kind = 'emergency-call'))`;
const WORST_FIRST = sql`case level when 'high' then 0 when 'medium' then 1 else 2 end, case state when 'calling' then 0 when 'acknowledged' then 1 when 'arrived' then 2 else 3 end, case kind when 'emergency-call' then 0 else 1 end, raised_at, id`;

const strip = officerQuery<typeof openAlerts>({
  contract: openAlerts,
  permission: 'alert.read',
  whileLocked: true,
  audit: null,
  async read(scope) {
    const rows = await scope.db
      .selectFrom('alert')
      .selectAll()
      .where(STILL_SHOWN)
      .where(visibleTo(scope.actor))
      .orderBy(WORST_FIRST)
      .limit(OPEN_LIMIT)
      .execute();
    const alerts = rows as AlertRecord[];
    const ringing = alerts.filter(({ state }) => state === 'calling').map(({ id }) => id);
    const pauses = await soundPauses(scope.db, ringing, scope);
    const pauseOf = (alert: AlertRecord) => {
      const pause = pauses.get(alert.id);
      return pause ? { by: pause.by, until: iso(pause.until) } : null;
    };
    return { asOf: iso(scope.now), alerts: alerts.map((alert) => ({ ...rowOf(alert), soundPaused: pauseOf(alert) })) };
  },
});

/** The reads. `subjects` bring the anomaly behind an alert. */
export function alertQueries(subjects: AlertSubjects): Query[] {
  const detail = officerQuery<typeof alertDetail>({
    contract: alertDetail,
    permission: 'alert.read',
    audit: (params) => ({ subjectKind: 'alert', subjectId: params.id }),
    async read(scope, { id }) {
      const alert = (await scope.db.selectFrom('alert').selectAll().where('id', '=', id).where(visibleTo(scope.actor)).executeTakeFirst()) as
        | AlertRecord
        | undefined;
      return alert ? viewOf(alert, scope, await extrasOf(scope, subjects, [alert])) : null;
    },
  });
  const list = officerQuery<typeof alertList>({
    contract: alertList,
    permission: 'alert.read',
    audit: () => ({ subjectKind: 'alert', subjectId: null }),
    async read(scope, _params, search) {
      const limit = search.limit ?? DEFAULT_LIMIT;
      const after = readPosition(search.cursor, [instantText, idText]);
      let query = scope.db.selectFrom('alert').selectAll().where(visibleTo(scope.actor));
      if (after) query = query.where(sql<boolean>`(raised_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      const rows = (await query
        .orderBy('raised_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()) as AlertRecord[];
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const extras = await extrasOf(scope, subjects, page);
      return {
        rows: page.map((alert) => viewOf(alert, scope, extras)),
        nextCursor: rows.length > limit && last ? positionText([iso(last.raised_at), last.id]) : null,
      };
    },
  });
  return [strip, detail, list];
}
