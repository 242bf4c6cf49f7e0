import { DAY, type Instant, MINUTE, must } from '@sallyport/basics';
import { COMMENTS_PER_ANOMALY, dutyComment, dutyHandover, type PolicyDocument } from '@sallyport/contracts';
import { type DutySlot, previousSlotOf, slotAt, slotByKey, slotsBetween } from '@sallyport/domain';
import { accepted, type CommandKind, type CommandScope, commandKind, oneByOne, refused } from '../../platform/commands/kind.js';
import { cellOf, momentOf, OUTSIDE_CELLS, proofRefusal, provedPerson } from './act.js';
import { reviewSlot } from './anomaly.js';
import { handovers } from './release.js';

/** Until when the note of a slot is taken. */
export function noteUntil(slot: DutySlot, { duty }: PolicyDocument): Instant {
  return slot.end + duty.noteAfterEndMinutes * MINUTE;
}

/** The slot that ended last before a moment and can still be handed over, where none runs. */
function lastEnded(at: Instant, policy: PolicyDocument): DutySlot | null {
  return slotsBetween(at - DAY, at, policy).findLast((slot) => slot.end <= at && at <= noteUntil(slot, policy)) ?? null;
}

/** The slot in which this person serves at a moment, else the one before it. */
async function ownSlot(scope: CommandScope, cell: string, person: string, at: Instant): Promise<DutySlot | null> {
  const current = slotAt(at, scope.policy);
  const before = current ? previousSlotOf(current, scope.policy) : lastEnded(at, scope.policy);
  for (const slot of [before, current]) {
    if (!slot) continue;
    const seat = await scope.trx
      .selectFrom('duty_sign_in')
      .select('id')
      .where('cell', '=', cell)
      .where('slot', '=', slot.key)
      .where('person', '=', person)
      .executeTakeFirst();
    const done = await scope.trx.selectFrom('duty_handover').select('id').where('slot', '=', slot.key).where('person', '=', person).executeTakeFirst();
    if (seat && !done) return slot;
  }
  return current ?? before;
}

/** The note at the end of a slot. Abnormal words are an anomaly at once. */
const handover = commandKind<typeof dutyHandover>({
  contract: dutyHandover,
  access: { by: 'device' },
  audit: (command) => ({
    subjectKind: 'person',
    subjectId: provedPerson(command),
    cell: cellOf(command),
    detail: { verdict: command.body.verdict, slot: command.body.slot ?? null },
  }),
  handle: oneByOne(async (scope, command) => {
    const unproved = proofRefusal(command);
    if (unproved) return unproved;
    const cell = cellOf(command);
    if (cell === null) return OUTSIDE_CELLS;
    const person = must(provedPerson(command), 'proved person');
    const at = momentOf(scope, command);
    const slot = command.body.slot === undefined ? await ownSlot(scope, cell, person, at) : slotByKey(command.body.slot, scope.policy);
    if (!slot) return refused('NO_DUTY_NOW', 'no slot to hand over');
    if (at < slot.start) return refused('WINDOW_NOT_OPEN', 'the slot has not begun');
    if (at > noteUntil(slot, scope.policy)) return refused('WINDOW_CLOSED', 'the slot is long over; tell an officer');
    const signed = await scope.trx
      .selectFrom('duty_sign_in')
      .select('id')
      .where('cell', '=', cell)
      .where('slot', '=', slot.key)
      .where('person', '=', person)
      .executeTakeFirst();
    if (!signed) return refused('NOT_ON_DUTY', 'only who signed in for the slot can hand it over');
    const state = must((await handovers(scope, slot, [cell], scope.now)).get(cell), 'handover');
    const { verdict, remark } = command.body;
    const note = {
      id: command.id,
      cell,
      slot: slot.key,
      person,
      verdict,
      remark,
      device: command.actor.id,
      claimed_at: new Date(command.claimedAt),
      received_at: new Date(scope.now),
    };
    const fresh = await scope.trx
      .insertInto('duty_handover')
      .values({ ...note, released_at: state.released ? new Date(state.since) : null })
      .onConflict((conflict) => conflict.columns(['slot', 'person']).doNothing())
      .returning('id')
      .execute();
    if (fresh.length === 0) return refused('ALREADY_DONE', 'you have handed this slot over already');
    if (verdict === 'abnormal')
      await reviewSlot(scope, slot, [cell], [{ cell, id: command.id, kind: 'ABNORMAL_REPORT', at: Math.min(at, scope.now), person, note: remark || null }]);
    scope.hint({ topic: 'duty', cell });
    return accepted({ slot: slot.key, verdict, released: state.released });
  }),
});

/** The person's own words on an anomaly that names them; it changes nothing else. */
const comment = commandKind<typeof dutyComment>({
  contract: dutyComment,
  access: { by: 'device' },
  audit: (command) => ({ subjectKind: 'duty-anomaly', subjectId: command.body.anomaly, cell: cellOf(command), detail: { person: provedPerson(command) } }),
  handle: oneByOne(async (scope, command) => {
    const unproved = proofRefusal(command);
    if (unproved) return unproved;
    const person = must(provedPerson(command), 'proved person');
    const anomaly = await scope.trx.selectFrom('duty_anomaly').select(['cell', 'people']).where('id', '=', command.body.anomaly).forUpdate().executeTakeFirst();
    if (!anomaly?.people.includes(person)) return refused('NOT_FOUND', 'no such anomaly names this person');
    const said = await scope.trx
      .selectFrom('duty_comment')
      .select('id')
      .where('anomaly', '=', command.body.anomaly)
      .where('person', '=', person)
      .limit(COMMENTS_PER_ANOMALY)
      .execute();
    if (said.length >= COMMENTS_PER_ANOMALY) return refused('COMMENTS_FULL', `at most ${COMMENTS_PER_ANOMALY} comments of one person on one anomaly`);
    await scope.trx
      .insertInto('duty_comment')
      .values({ id: command.id, anomaly: command.body.anomaly, person, at: new Date(momentOf(scope, command)), comment: command.body.comment })
      .execute();
    scope.hint({ topic: 'duty', cell: anomaly.cell });
    return accepted({});
  }),
});

export const wordCommands: readonly CommandKind[] = [handover, comment];
