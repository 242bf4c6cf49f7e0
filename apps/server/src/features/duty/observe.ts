import { type Id, must } from '@sallyport/basics';
import { dutyObserve } from '@sallyport/contracts';
import { slotByKey } from '@sallyport/domain';
import { accepted, type CommandKind, type CommandScope, commandKind, oneByOne, refused } from '../../platform/commands/kind.js';
import { cellsOfSite, peopleByIds } from '../person/index.js';
import { reviewSlot } from './anomaly.js';

/** Whether somebody lives in the cell or has a seat in this slot: nobody else is there to be seen, and other blocks' people stay unnamed. */
async function belongs({ trx }: CommandScope, person: Id, cell: string, slot: string): Promise<boolean> {
  if ((await peopleByIds(trx, [person])).get(person)?.cell === cell) return true;
  const seat = trx.selectFrom('duty_seat').select('seat').where('cell', '=', cell).where('slot', '=', slot).where('person', '=', person);
  return (await seat.executeTakeFirst()) !== undefined;
}

/** What an officer saw in person or by camera. Each observation is an anomaly of its own. */
export const observe: CommandKind = commandKind<typeof dutyObserve>({
  contract: dutyObserve,
  access: { by: 'officer', permission: 'duty.observe', cellOf: (body) => body.cell },
  audit: ({ body }) => ({
    subjectKind: 'duty-slot',
    subjectId: `${body.cell} ${body.slot}`,
    cell: body.cell,
    reason: body.note,
    detail: { kind: body.kind, person: body.person ?? null },
  }),
  handle: oneByOne(async (scope, { id, body, actor }) => {
    const slot = slotByKey(body.slot, scope.policy);
    if (!slot || slot.start > scope.now) return refused('NO_DUTY_NOW', 'the slot does not exist or has not begun');
    if (!(await cellsOfSite(scope.trx)).some(({ number }) => number === body.cell)) return refused('NOT_FOUND', 'there is no such cell');
    const person = body.person ?? null;
    if (person !== null && !(await belongs(scope, person, body.cell, slot.key))) return refused('NOT_FOUND', 'no such person in this cell');
    const fresh = await reviewSlot(
      scope,
      slot,
      [body.cell],
      [{ cell: body.cell, id, kind: body.kind, at: scope.now, person, note: body.note, observedBy: actor.id }],
    );
    const [, anomaly] = must(
      [...fresh].find(([key]) => key.endsWith(`:${id}`)),
      'the anomaly of a new observation',
    );
    return accepted({ anomaly });
  }),
});
