import { z } from 'zod';
import { defineCommand } from './command.js';
import { personRef } from './envelope.js';
import { listedPerson } from './person.js';
import { bedNo, cellNo, id, instantText, pageOf, pageQuery, reason, remark } from './primitives.js';
import { defineQuery } from './query.js';

export const rollCallStart = defineCommand({
  kind: 'roll-call.start',
  summary: 'Starts an ad hoc roll call in some cells',
  maker: 'officer',
  body: z.strictObject({ cells: z.array(cellNo).min(1).max(400), reason }),
  result: z.object({ rollCall: id }),
});
export const rollCallAnswer = defineCommand({
  kind: 'roll-call.answer',
  summary: 'A person answers the roll call on the terminal',
  maker: 'device',
  proofs: ['pin', 'passkey', 'bridge'],
  body: z.strictObject({ rollCall: id, person: personRef }),
  result: z.object({ present: z.int(), missing: z.int() }),
});
export const rollCallConfirm = defineCommand({
  kind: 'roll-call.confirm',
  summary: 'An officer states who was seen or why somebody is missing, and closes a cell of the roll call',
  maker: 'officer',
  body: z.strictObject({ rollCall: id, cell: cellNo, seen: z.array(id).max(40), note: remark.default('') }),
});
export const rollCallCell = z.object({
  id,
  round: z.int().min(1).max(2),
  startedAt: instantText,
  answerBy: instantText,
  beds: z.array(z.object({ bed: bedNo, present: z.boolean() })),
});
export type RollCallCell = z.infer<typeof rollCallCell>;
export const rollCallView = z.object({
  id,
  kind: z.enum(['scheduled', 'ad-hoc']),
  startedAt: instantText,
  startedBy: z.string().nullable(),
  reason: z.string().nullable(),
  round: z.int(),
  cells: z.array(
    z.object({
      cell: cellNo,
      present: z.int(),
      expected: z.int(),
      missing: z.array(listedPerson),
      state: z.enum(['open', 'complete', 'missing', 'confirmed']),
      offline: z.boolean(),
    }),
  ),
});
/** The content of a work item of a roll call: the cells in which people did not answer, or whose terminal could not ask them. */
export const rollCallFinding = z.object({
  alert: id,
  rollCall: id,
  startedAt: instantText,
  offline: z.boolean(),
  cells: z.array(z.object({ cell: cellNo, expected: z.int(), missing: z.array(listedPerson) })),
});
export type RollCallFinding = z.infer<typeof rollCallFinding>;
export const rollCalls = defineQuery({
  path: '/api/roll-calls',
  audience: 'console',
  summary: 'Roll calls, newest first',
  search: z.object(pageQuery),
  response: pageOf(rollCallView),
});
