import { type Id, must, SECOND } from '@sallyport/basics';
import { workClaim, workDecide, workRelease, workUndo } from '@sallyport/contracts';
import { claimWork, releaseWork, undoWork } from '@sallyport/domain';
import {
  accepted,
  type AuditSubject,
  type CommandKind,
  type CommandScope,
  commandKind,
  type Handled,
  type Incoming,
  type OfficerActor,
  oneByOne,
  refused,
} from '../../platform/commands/kind.js';
import { decideRefusal } from './access.js';
import { recordVerdict } from './decide.js';
import { scheduleLease } from './jobs.js';
import type { WorkKinds } from './kind.js';
import { holding, refuseBy, ruleItem } from './rules.js';
import { addWorkEvents, isHeld, lockItems, setItem, type WorkItem } from './store.js';

const PERMISSION = { by: 'officer', permission: 'work.decide' } as const;

type Touch<Body extends { item: Id }, Result> = (
  scope: CommandScope,
  command: Incoming<Body>,
  item: WorkItem,
  officer: OfficerActor,
) => Promise<Handled<Result>>;

/** Locks every item of the batch in one order, then answers the commands one after the other, each seeing what the one before did. */
function onItems<Body extends { item: Id }, Result>(touch: Touch<Body, Result>) {
  const one = oneByOne<Body, Result>(async (scope, command) => {
    const officer = command.actor as OfficerActor;
    const item = (await lockItems(scope.trx, [command.body.item])).get(command.body.item);
    const refusal = decideRefusal(officer, item);
    if (refusal) return refused(refusal.code, refusal.message, refusal.details);
    return touch(scope, command, must(item, 'work item'), officer);
  });
  return async (scope: CommandScope, commands: readonly Incoming<Body>[]) => {
    await lockItems(
      scope.trx,
      commands.map(({ body }) => body.item),
    );
    return one(scope, commands);
  };
}

function auditItem(command: Incoming<{ item: Id }>, reason: string | null, detail: Record<string, unknown> = {}): AuditSubject {
  return { subjectKind: 'work-item', subjectId: command.body.item, reason, detail };
}

const claim = commandKind<typeof workClaim>({
  contract: workClaim,
  access: PERMISSION,
  audit: (command) => auditItem(command, command.body.takeOver?.reason ?? null),
  handle: onItems(async (scope, { body }, item, officer) => {
    const claimed = claimWork(ruleItem(item), officer.id, scope.now, scope.policy, body.takeOver !== undefined);
    if (!claimed.ok) return refuseBy(claimed.error, item, scope.now);
    const { version, holder } = claimed.value;
    const leaseUntil = must(holder, 'holder').leaseUntil;
    await setItem(scope, item.id, { ...holding(claimed.value, officer), version });
    if (version !== item.version) {
      const what = isHeld(item, scope.now) ? 'taken-over' : 'claimed';
      await addWorkEvents(scope, [{ item: item.id, who: officer, what, note: body.takeOver?.reason ?? null }]);
      await scheduleLease(scope, item.id, leaseUntil);
      scope.hint({ topic: 'work-item', cell: item.cell });
    }
    return accepted({ version, leaseUntil: new Date(leaseUntil).toISOString() });
  }),
});

const release = commandKind<typeof workRelease>({
  contract: workRelease,
  access: PERMISSION,
  audit: (command) => auditItem(command, null),
  handle: onItems(async (scope, _command, item, officer) => {
    const released = releaseWork(ruleItem(item), officer.id, scope.now);
    if (!released.ok) return refuseBy(released.error, item, scope.now);
    await setItem(scope, item.id, { ...holding(released.value, officer), version: released.value.version });
    await addWorkEvents(scope, [{ item: item.id, who: officer, what: 'released' }]);
    scope.hint({ topic: 'work-item', cell: item.cell });
    return accepted({ version: released.value.version });
  }),
});

const UNDECIDED = {
  verdict: null,
  decided_by: null,
  decided_name: null,
  decided_at: null,
  undo_until: null,
  reason_code: null,
  note: null,
  input: null,
} as const;

const undo = commandKind<typeof workUndo>({
  contract: workUndo,
  access: PERMISSION,
  audit: (command) => auditItem(command, null),
  handle: onItems(async (scope, { body }, item, officer) => {
    const undone = undoWork(ruleItem(item), officer.id, body.seenVersion, scope.now, scope.policy);
    if (!undone.ok) return refuseBy(undone.error, item, scope.now);
    await setItem(scope, item.id, { ...UNDECIDED, ...holding(undone.value, officer), version: undone.value.version });
    await addWorkEvents(scope, [{ item: item.id, who: officer, what: 'undone', note: item.verdict }]);
    await scheduleLease(scope, item.id, scope.now + scope.policy.work.leaseSeconds * SECOND);
    scope.hint({ topic: 'work-item', cell: item.cell });
    return accepted({ version: undone.value.version });
  }),
});

/** The queue's commands over the kinds that the slices registered. */
export function workCommands(kinds: WorkKinds): CommandKind[] {
  const decide = commandKind<typeof workDecide>({
    contract: workDecide,
    access: PERMISSION,
    audit: ({ body }, _handled) => {
      const { item, verdict, reasonCode = null, seenVersion } = body;
      return { subjectKind: 'work-item', subjectId: item, reason: body.note ?? null, detail: { verdict, reasonCode, seenVersion } };
    },
    handle: onItems((scope, command, item, officer) => recordVerdict(kinds, scope, command.body, item, officer)),
  });
  return [claim, release, decide, undo];
}
