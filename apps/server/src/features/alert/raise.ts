import type { Id, Instant } from '@sallyport/basics';
import type { AlertKind, AlertLevel } from '@sallyport/contracts';
import { alertToJoin, joinAlert, raiseAlert as ruleRaise, type Alert as RuleAlert } from '@sallyport/domain';
import { sql } from 'kysely';
import { scheduleAll } from '../../platform/jobs/index.js';
import { openWorkItems } from '../work/index.js';
import { escalationJobs } from './escalation.js';
import { type AlertScope, addAlertEvents, lockCauses, ruleAlert, WORK_OF } from './store.js';

export interface NewAlert {
  readonly kind: AlertKind;
  readonly level: AlertLevel;
  readonly cell: string | null;
  /** `cell:0101`, `hall:kiosk-1`; left out: the cell's place. */
  readonly place?: string | null;
  /** The thing in its slice: an anomaly, a device, a parked command. Its work item refers to it; without it, to the alert. */
  readonly subject?: Id | null;
  /** Key of the one-line text; left out: the kind. */
  readonly title?: string;
  /** Alerts of one cause within the merge time are one alert with a counter. */
  readonly cause: string;
  /** When it happened, if not now. */
  readonly at?: Instant;
  /** From when the escalation counts, if not from now: an old call that arrives late begins its chain when it arrives. */
  readonly since?: Instant;
  /** False where the device could not prove itself: shown, marked. */
  readonly proved?: boolean;
  readonly device?: Id | null;
  readonly id?: Id;
}

export interface RaisedAlert {
  readonly alert: Id;
  /** It counts on an alert that was open already. */
  readonly joined: boolean;
  readonly state: RuleAlert['state'];
}

/** Which alert each new one is or joins, in their order. */
function settle(
  scope: AlertScope,
  open: RuleAlert[],
  news: readonly NewAlert[],
): { raised: RaisedAlert[]; fresh: { rule: RuleAlert; source: NewAlert }[]; joined: Map<Id, RuleAlert> } {
  const fresh: { rule: RuleAlert; source: NewAlert }[] = [];
  const joined = new Map<Id, RuleAlert>();
  const raised = news.map((source) => {
    const host = alertToJoin(open, source.cause, scope.now, scope.policy);
    if (!host) {
      const rule = {
        ...ruleRaise(source.id ?? scope.newId(), source.kind, source.cause, Math.min(source.at ?? scope.now, scope.now)),
        callingSince: scope.now,
        lastAt: scope.now,
      };
      open.push(rule);
      fresh.push({ rule, source });
      return { alert: rule.id, joined: false, state: rule.state };
    }
    const more = joinAlert(host, scope.now);
    open.splice(open.indexOf(host), 1, more);
    joined.set(more.id, more);
    return { alert: more.id, joined: true, state: more.state };
  });
  return { raised, fresh: fresh.map(({ rule, source }) => ({ rule: joined.get(rule.id) ?? rule, source })), joined };
}

function alertRow({ rule, source }: { rule: RuleAlert; source: NewAlert }) {
  return {
    id: rule.id,
    kind: source.kind,
    level: source.level,
    cell: source.cell,
    place: source.place ?? (source.cell === null ? null : `cell:${source.cell}`),
    subject: source.subject ?? null,
    title: source.title ?? `alert.title.${source.kind}`,
    merge_key: source.cause,
    raised_at: new Date(rule.raisedAt),
    last_raised_at: new Date(rule.lastAt),
    count: rule.count,
    proved: source.proved ?? true,
    device: source.device ?? null,
    clock_at: new Date(rule.callingSince),
    step_at: new Date(rule.callingSince),
  };
}

/**
 * Raises alerts in the caller's transaction, some statements whatever their number: merges by cause, opens their work items, starts their
 * escalation. Answers in their order.
 */
export async function raiseAlerts(scope: AlertScope, news: readonly NewAlert[]): Promise<RaisedAlert[]> {
  if (news.length === 0) return [];
  const stored = await lockCauses(
    scope.trx,
    news.map(({ cause }) => cause),
  );
  const { raised, fresh, joined } = settle(scope, stored.map(ruleAlert), news);
  if (fresh.length > 0) await scope.trx.insertInto('alert').values(fresh.map(alertRow)).execute();
  const more = [...joined.values()].filter(({ id }) => stored.some((alert) => alert.id === id));
  if (more.length > 0)
    await sql`update alert set count = more.count, last_raised_at = ${new Date(scope.now)}
      from unnest(${more.map(({ id }) => id)}::uuid[], ${more.map(({ count }) => count)}::integer[]) as more (id, count) where alert.id = more.id`.execute(
      scope.trx,
    );
  await addAlertEvents(
    scope,
    raised.map(({ alert, joined: again }) => ({ alert, what: again ? 'raised-again' : 'raised' })),
  );
  await openWorkItems(
    scope,
    news.flatMap((source, index) => {
      const ref = source.subject ?? (raised[index]?.joined ? null : raised[index]?.alert);
      return ref ? [{ kind: WORK_OF[source.kind], ref, cell: source.cell, place: source.place ?? null }] : [];
    }),
  );
  await scheduleAll(
    scope.trx,
    fresh.flatMap(({ rule }) => escalationJobs(rule, 1, scope.policy)),
  );
  for (const { cell } of news) scope.hint({ topic: 'alert', cell });
  return raised;
}

/** Raises one alert; see `raiseAlerts`. */
export async function raiseAlert(scope: AlertScope, alert: NewAlert): Promise<RaisedAlert> {
  const [raised] = await raiseAlerts(scope, [alert]);
  return raised as RaisedAlert;
}
