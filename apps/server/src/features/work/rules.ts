import { type Instant, must } from '@sallyport/basics';
import type { WorkItem as RuleItem, WorkRefusal as RuleRefusal } from '@sallyport/domain';
import { type Handled, type OfficerActor, refused } from '../../platform/commands/kind.js';
import { isHeld, UNHELD, type WorkItem } from './store.js';

/** The stored item as the rules of the queue read it. */
export function ruleItem(item: WorkItem): RuleItem {
  const { id, kind, priority, state, version } = item;
  const holder =
    item.holder === null ? null : { officer: item.holder, since: must(item.held_since, 'held_since'), leaseUntil: must(item.lease_until, 'lease_until') };
  const decision =
    item.verdict === null || item.decided_by === null || item.decided_at === null
      ? null
      : { officer: item.decided_by, verdict: item.verdict, at: item.decided_at, effectiveAt: item.undo_until ?? item.decided_at };
  return { id, kind, priority, state, version, createdAt: item.created_at, deadline: item.deadline, holder, decision };
}

/** What the rules say of holder and state, as columns. */
export function holding(item: RuleItem, officer: OfficerActor) {
  if (!item.holder) return { state: item.state, ...UNHELD };
  const { since, leaseUntil } = item.holder;
  return { state: item.state, holder: officer.id, holder_name: officer.name, held_since: new Date(since), lease_until: new Date(leaseUntil) };
}

const MESSAGES: Partial<Record<RuleRefusal['code'], string>> = {
  ALREADY_DECIDED: 'it was decided already',
  STALE_VERSION: 'the item changed since you saw it',
  HELD_BY_ANOTHER: 'another officer holds it',
  LEASE_ENDED: 'you do not hold it any more',
  UNDO_TOO_LATE: 'the verdict has taken effect',
  NOT_ALLOWED: 'only the officer who decided can undo',
  VERDICT_NOT_OFFERED: 'the kind does not offer this verdict',
  BODY_INVALID: 'the verdict lacks what its kind asks for: reasonCode, or input.measure and input.result, or input.checkValue',
};

/** The refusal as the second officer reads it: who decided or holds, what and when, and the version that holds now. */
export function refuseBy(refusal: RuleRefusal, item: WorkItem, now: Instant): Handled<never> {
  const text = (instant: Instant | null) => (instant === null ? null : new Date(instant).toISOString());
  const held = isHeld(item, now) ? { holder: item.holder_name, since: text(item.held_since), leaseUntil: text(item.lease_until) } : {};
  const decided = item.verdict === null ? {} : { by: item.decided_name, verdict: item.verdict, at: text(item.decided_at) };
  return refused(refusal.code, MESSAGES[refusal.code] ?? refusal.code, { version: item.version, state: item.state, ...held, ...decided });
}
