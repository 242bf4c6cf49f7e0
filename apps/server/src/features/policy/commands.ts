import { DAY, type Instant } from '@sallyport/basics';
import { type BodyOf, type PolicyDocument, policyChange, type ResultOf } from '@sallyport/contracts';
import { accepted, type CommandKind, commandKind, type CommandScope, type Handled, type Incoming, oneByOne, refused } from '../../platform/commands/kind.js';
import { policyDifferences } from './diff.js';
import { insertPolicy, lockPolicy, policyVersions } from './store.js';

type Change = typeof policyChange;

/** How long before the server's "now" a version may begin: the minute in which the administrator wrote "at once". */
const JUST_NOW_MS = 60_000;
/** How far ahead a version may begin: nobody foresees more than a year, and a slip of the year stays visible at once. */
const FURTHEST = 366 * DAY;

/** What is to hold from when on. */
export interface NextPolicy {
  readonly document: PolicyDocument;
  readonly from: Instant;
}

/** Asked before a version is written: the refusal of a slice that it would hurt, or null. */
export type PolicyHolder = (scope: CommandScope, next: NextPolicy) => Promise<Handled<never> | null>;

async function change(scope: CommandScope, holders: readonly PolicyHolder[], command: Incoming<BodyOf<Change>>): Promise<Handled<ResultOf<Change>>> {
  const { body, actor } = command;
  await lockPolicy(scope.trx);
  const [newest] = await policyVersions(scope.trx);
  if (!newest || newest.version !== body.basedOn)
    return refused('POLICY_OUTDATED', 'The policy was changed meanwhile. Read the newest version and make your change again.', { newest: newest?.version });
  const effectiveFrom = Date.parse(body.effectiveFrom);
  if (effectiveFrom < scope.now - JUST_NOW_MS) return refused('POLICY_DATE', 'effectiveFrom lies in the past. A policy takes effect now or later.');
  if (effectiveFrom > scope.now + FURTHEST) return refused('POLICY_DATE', 'effectiveFrom lies more than a year ahead.');
  if (policyDifferences(newest.document, body.document).length === 0) return refused('POLICY_INVALID', 'Nothing differs from the newest version.');
  const next: NextPolicy = { document: body.document, from: Math.max(effectiveFrom, scope.now) };
  for (const hold of holders) {
    const refusal = await hold(scope, next);
    if (refusal) return refusal;
  }
  const version = newest.version + 1;
  await insertPolicy(scope.trx, {
    version,
    id: command.id,
    document: body.document,
    effectiveFrom: next.from,
    reason: body.reason,
    changedBy: actor.kind === 'officer' ? actor.id : null,
    at: scope.now,
  });
  scope.hint({ topic: 'policy', cell: null });
  return accepted({ version });
}

/** A new version of the whole policy (POL rules of the domain spec). */
export function policyChanges(holders: readonly PolicyHolder[]): CommandKind {
  return commandKind<Change>({
    contract: policyChange,
    access: { by: 'officer', permission: 'policy.change', stepUp: true },
    audit: ({ body }, handled) => ({
      subjectKind: 'policy',
      subjectId: handled.outcome === 'accepted' ? String(handled.result.version) : null,
      reason: body.reason,
      detail: { basedOn: body.basedOn, effectiveFrom: body.effectiveFrom },
    }),
    handle: oneByOne((scope, command) => change(scope, holders, command)),
  });
}
