import { DAY, type Id, type Instant, must } from '@sallyport/basics';
import { dutyMyRecord, OWN_ANOMALIES, OWN_ANOMALY_DAYS, OWN_SLOTS, type OwnAnomaly, type ResultOf } from '@sallyport/contracts';
import { slotsBetween } from '@sallyport/domain';
import { sql } from 'kysely';
import { accepted, type CommandScope, commandKind } from '../../platform/commands/kind.js';
import { at } from '../../platform/db/index.js';
import { cellOf, proofRefusal, provedPerson } from './act.js';
import { iso, slotHead } from './view.js';

type OwnSlot = ResultOf<typeof dutyMyRecord>['slots'][number];

/** Rosters are made week by week: this week and the next. */
const ROSTERS_AHEAD = 15 * DAY;

/** The next slots of these people that have not begun. One statement. */
async function comingSlots({ trx, now, policy }: CommandScope, people: readonly Id[]): Promise<(person: Id) => OwnSlot[]> {
  const slots = new Map(slotsBetween(now, now + ROSTERS_AHEAD, policy).map((slot) => [slot.key, slot]));
  const seats = await trx
    .selectFrom('duty_seat')
    .select(['person', 'slot'])
    .where('person', 'in', [...people])
    .where('slot', '=', sql<string>`any(${[...slots.keys()]}::text[])`)
    .orderBy('slot')
    .execute();
  return (person) => {
    const own = seats.filter((seat) => seat.person === person).slice(0, OWN_SLOTS);
    return own.map(({ slot: key }) => {
      const { slot, startsAt, endsAt, night } = slotHead(must(slots.get(key), 'planned slot'), policy);
      return { slot, startsAt, endsAt, night };
    });
  };
}

/** The newest anomalies that name these people, each with the person's own comments only. Two statements. */
async function ownAnomalies({ trx }: CommandScope, people: readonly Id[], since: Instant): Promise<(person: Id) => OwnAnomaly[]> {
  const rows = await trx
    .selectFrom('duty_anomaly')
    .select(['id', 'kind', 'slot', 'at', 'state', 'people'])
    .where(sql<boolean>`people && ${[...people]}::uuid[]`)
    .where('at', '>=', at(since))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const comments =
    rows.length === 0
      ? []
      : await trx
          .selectFrom('duty_comment')
          .select(['anomaly', 'person', 'at', 'comment'])
          .where('anomaly', '=', sql<Id>`any(${rows.map(({ id }) => id)}::uuid[])`)
          .where('person', 'in', [...people])
          .orderBy('at')
          .execute();
  return (person) => {
    const own = rows.filter((row) => row.people.includes(person)).slice(0, OWN_ANOMALIES);
    return own.map((row) => ({
      id: row.id,
      kind: row.kind as OwnAnomaly['kind'],
      slot: row.slot,
      raisedAt: iso(row.at),
      state: row.state as OwnAnomaly['state'],
      comments: comments
        .filter((comment) => comment.anomaly === row.id && comment.person === person)
        .map((comment) => ({ at: iso(comment.at), comment: comment.comment })),
    }));
  };
}

/**
 * DUTY46: what the person may see of the own duty. It is a command and no query, because only a proof made for this very act opens it,
 * and so that the audit knows who looked. Other people of an anomaly, measures and results are not told on a shared screen.
 */
export const myRecord = commandKind<typeof dutyMyRecord>({
  contract: dutyMyRecord,
  access: { by: 'device' },
  audit: (command) => ({ subjectKind: 'person', subjectId: provedPerson(command), cell: cellOf(command) }),
  async handle(scope, commands) {
    const people = [...new Set(commands.flatMap((command) => provedPerson(command) ?? []))];
    if (people.length === 0) return commands.map((command) => must(proofRefusal(command), 'refusal'));
    const slots = await comingSlots(scope, people);
    const anomalies = await ownAnomalies(scope, people, scope.now - OWN_ANOMALY_DAYS * DAY);
    return commands.map((command) => {
      const person = provedPerson(command);
      return person === null ? must(proofRefusal(command), 'refusal') : accepted({ slots: slots(person), anomalies: anomalies(person) });
    });
  },
});
