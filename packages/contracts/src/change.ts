import { z } from 'zod';
import { cellNo, cursor, instantText } from './primitives.js';
import { defineQuery } from './query.js';

/** What a hint can be about. A hint says only that something of the topic changed, never what. */
export const topic = z.enum(['duty', 'roster', 'roll-call', 'alert', 'work-item', 'person', 'device', 'policy', 'access', 'audit', 'time']);
export type Topic = z.infer<typeof topic>;

/** Sent over the socket as event `change`: the topic, the place where it matters and the position to catch up to. */
export const changeHint = z.object({ topic, cell: cellNo.nullable(), cursor });
export type ChangeHint = z.infer<typeof changeHint>;
/** Names of the socket's events. A client sends none; it opens the socket with its session (a terminal as `auth.device`). */
export const CHANGE_EVENT = 'change';
export const UNRECORDED_CALL_EVENT = 'call-not-recorded';
/** Payload of `call-not-recorded`, to consoles only: an emergency call that the database has not taken within a second. Shown at once, marked. */
export const unrecordedCall = z.object({ id: z.string(), place: z.string().nullable(), cell: cellNo.nullable(), at: instantText });
export type UnrecordedCall = z.infer<typeof unrecordedCall>;

const search = z.object({ since: cursor.optional() });
const response = z.object({
  /** Distinct topics (and cells) that changed after `since`, in commit order; `reset` when `since` is too old or unknown: read everything anew. */
  changes: z.array(z.object({ topic, cell: cellNo.nullable() })),
  cursor,
  reset: z.boolean(),
});
export const terminalChanges = defineQuery({
  path: '/api/terminal/changes',
  audience: 'cell',
  summary: 'What changed for this terminal since a cursor',
  search,
  response,
});
export const consoleChanges = defineQuery({ path: '/api/changes', audience: 'console', summary: 'What changed since a cursor', search, response });
