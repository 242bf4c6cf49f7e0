import { err, type Instant, ok, type Result, SECOND } from '@sallyport/basics';
import { type PolicyDocument, type PriorityClass, priorityClass, type RefusalCode, type Verdict, type WorkKind } from '@sallyport/contracts';
import { WITHOUT_UNDO, WORK_VERDICTS } from './work-kinds.js';

/** A thing that waits for an officer. It holds no content, only where it stands (decision 22). */
export interface WorkItem {
  readonly id: string;
  readonly kind: WorkKind;
  readonly priority: PriorityClass;
  readonly createdAt: Instant;
  readonly deadline: Instant;
  readonly state: 'open' | 'claimed' | 'decided' | 'done';
  /** Grows with every act of an officer and when a verdict takes effect. */
  readonly version: number;
  readonly holder: { readonly officer: string; readonly since: Instant; readonly leaseUntil: Instant } | null;
  readonly decision: { readonly officer: string; readonly verdict: Verdict; readonly at: Instant; readonly effectiveAt: Instant } | null;
}

export interface WorkRefusal {
  readonly code: RefusalCode;
  /** Who decided or holds, so that the second officer sees whom to ask. */
  readonly officer?: string;
  readonly verdict?: Verdict;
  readonly at?: Instant;
}
type Outcome = Result<WorkItem, WorkRefusal>;
type Policy = Pick<PolicyDocument, 'work'>;

/** A new item with the class and the deadline that the policy gives its kind. */
export function openWorkItem(id: string, kind: WorkKind, createdAt: Instant, policy: Policy): WorkItem {
  const { priority, deadlineSeconds } = policy.work.kinds[kind];
  return { id, kind, priority, createdAt, deadline: createdAt + deadlineSeconds * SECOND, state: 'open', version: 1, holder: null, decision: null };
}

/** Order of the queue: class, time left, age; the id decides between equals so that everybody sees one order (WORK1). */
export function compareWork(
  a: Pick<WorkItem, 'priority' | 'deadline' | 'createdAt' | 'id'>,
  b: Pick<WorkItem, 'priority' | 'deadline' | 'createdAt' | 'id'>,
): number {
  const classes = priorityClass.options;
  return (
    classes.indexOf(a.priority) - classes.indexOf(b.priority) ||
    a.deadline - b.deadline ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/**
 * The item as time alone has made it: a lapsed lease gives it back, a verdict past its undo time is done.
 * A lapse keeps the version, so that a holder who thought too long is refused only if somebody else has acted meanwhile.
 */
export function settled(item: WorkItem, now: Instant): WorkItem {
  if (item.state === 'claimed' && item.holder && item.holder.leaseUntil <= now) return { ...item, state: 'open', holder: null };
  if (item.state === 'decided' && item.decision && item.decision.effectiveAt <= now) return { ...item, state: 'done', version: item.version + 1 };
  return item;
}

/** When time alone will change the item next, or null. For the job that settles it. */
export function settlesAt(item: WorkItem): Instant | null {
  if (item.state === 'claimed') return item.holder?.leaseUntil ?? null;
  return item.state === 'decided' ? (item.decision?.effectiveAt ?? null) : null;
}

function decidedRefusal(item: WorkItem): WorkRefusal | null {
  return item.decision ? { code: 'ALREADY_DECIDED', officer: item.decision.officer, verdict: item.decision.verdict, at: item.decision.at } : null;
}

function heldRefusal(item: WorkItem, officer: string): WorkRefusal | null {
  return item.holder && item.holder.officer !== officer ? { code: 'HELD_BY_ANOTHER', officer: item.holder.officer, at: item.holder.since } : null;
}

/** Claims, renews (same officer) or, with `takeOver`, takes the item from its holder. */
export function claimWork(stored: WorkItem, officer: string, now: Instant, policy: Policy, takeOver = false): Outcome {
  const item = settled(stored, now);
  const refusal = decidedRefusal(item) ?? (takeOver ? null : heldRefusal(item, officer));
  if (refusal) return err(refusal);
  const leaseUntil = now + policy.work.leaseSeconds * SECOND;
  if (item.holder?.officer === officer) return ok({ ...item, holder: { ...item.holder, leaseUntil } });
  return ok({ ...item, state: 'claimed', version: item.version + 1, holder: { officer, since: now, leaseUntil } });
}

/** Gives a claimed item back. */
export function releaseWork(stored: WorkItem, officer: string, now: Instant): Outcome {
  const item = settled(stored, now);
  const refusal = decidedRefusal(item) ?? heldRefusal(item, officer);
  if (refusal) return err(refusal);
  return item.holder ? ok({ ...item, state: 'open', version: item.version + 1, holder: null }) : err({ code: 'LEASE_ENDED' });
}

/** A verdict as an officer gives it, with the version that was on the screen. */
export interface WorkVerdict {
  readonly officer: string;
  readonly verdict: Verdict;
  readonly seenVersion: number;
  readonly reasonCode?: string | undefined;
  readonly input?: Readonly<Record<string, string>> | undefined;
}

function filled(input: WorkVerdict['input'], name: string): boolean {
  return (input?.[name] ?? '').trim().length > 0;
}

/** Null when the verdict is one of the kind's and carries what it needs. The check value itself is compared by the device slice. */
function verdictRefusal(kind: WorkKind, given: WorkVerdict): WorkRefusal | null {
  const offered = WORK_VERDICTS[kind].find((one) => one.verdict === given.verdict);
  if (!offered) return { code: 'VERDICT_NOT_OFFERED' };
  const missing =
    (offered.needs.includes('reason') && !offered.reasons.includes(given.reasonCode ?? '')) ||
    (offered.needs.includes('measure-and-result') && !(filled(given.input, 'measure') && filled(given.input, 'result'))) ||
    (offered.needs.includes('check-value') && !filled(given.input, 'checkValue'));
  return missing ? { code: 'BODY_INVALID' } : null;
}

/** Records a verdict. It takes effect after the undo time; `later` only gives the item back (WORK4 to WORK8). */
export function decideWork(stored: WorkItem, given: WorkVerdict, now: Instant, policy: Policy): Outcome {
  const item = settled(stored, now);
  // Whoever comes second must learn who decided what, so this goes before the bare "stale".
  const refusal =
    decidedRefusal(item) ??
    (given.seenVersion === item.version ? null : { code: 'STALE_VERSION' as const }) ??
    heldRefusal(item, given.officer) ??
    verdictRefusal(item.kind, given);
  if (refusal) return err(refusal);
  const version = item.version + 1;
  if (given.verdict === 'later') return ok({ ...item, state: 'open', version, holder: null });
  const undoSeconds = WITHOUT_UNDO.has(item.kind) ? 0 : policy.work.undoSeconds;
  const decision = { officer: given.officer, verdict: given.verdict, at: now, effectiveAt: now + undoSeconds * SECOND };
  return ok({ ...item, state: undoSeconds === 0 ? 'done' : 'decided', version, holder: null, decision });
}

/** Takes back the own verdict while it has not taken effect; the officer holds the item again. */
export function undoWork(stored: WorkItem, officer: string, seenVersion: number, now: Instant, policy: Policy): Outcome {
  const item = settled(stored, now);
  if (item.state === 'done') return err({ code: 'UNDO_TOO_LATE' });
  if (!item.decision || seenVersion !== item.version) return err({ code: 'STALE_VERSION' });
  if (item.decision.officer !== officer) return err({ code: 'NOT_ALLOWED', officer: item.decision.officer });
  return ok({
    ...item,
    state: 'claimed',
    version: item.version + 1,
    decision: null,
    holder: { officer, since: now, leaseUntil: now + policy.work.leaseSeconds * SECOND },
  });
}
