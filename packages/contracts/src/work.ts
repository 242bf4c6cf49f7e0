import { z } from 'zod';
import { defineCommand } from './command.js';
import { cellNo, id, instantText, pageOf, pageQuery, reason, remark } from './primitives.js';
import { watchFlag } from './person.js';
import { defineQuery } from './query.js';
import { role } from './roles.js';

/** What waits. Later slices add theirs. */
export const workKind = z.enum([
  'duty-review',
  'emergency-call',
  'device-enrolment',
  'device-silence',
  'roster-approval',
  'roster-missing',
  'substitute',
  'command-parked',
  'roll-call-review',
  'device-gap',
  'job-stuck',
]);
export type WorkKind = z.infer<typeof workKind>;
/** The first sorts first. */
export const priorityClass = z.enum(['emergency', 'urgent', 'soon', 'routine']);
export type PriorityClass = z.infer<typeof priorityClass>;
export const verdict = z.enum(['approve', 'return', 'refuse', 'later', 'end']);
export type Verdict = z.infer<typeof verdict>;

/** The content of a work item of stuck jobs: those of one kind that fail again and again, with the class of the last error and nothing of its inside. */
export const stuckJobs = z.object({
  alert: id,
  kind: z.string(),
  raisedAt: instantText,
  jobs: z.array(z.object({ id, dueAt: instantText, attempts: z.int(), error: z.string() })),
});
export type StuckJobs = z.infer<typeof stuckJobs>;

const target = { item: id, seenVersion: z.int().min(1) };
export const workClaim = defineCommand({
  kind: 'work.claim',
  summary: 'Takes or renews the lease of a work item; with `takeOver` from another, with a reason',
  maker: 'officer',
  body: z.strictObject({ item: id, takeOver: z.strictObject({ reason }).optional() }),
  result: z.object({ version: z.int(), leaseUntil: instantText }),
});
export const workRelease = defineCommand({
  kind: 'work.release',
  summary: 'Gives a claimed work item back',
  maker: 'officer',
  body: z.strictObject({ item: id }),
  result: z.object({ version: z.int() }),
});
export const workDecide = defineCommand({
  kind: 'work.decide',
  summary: 'Gives the verdict; it takes effect after the undo time',
  maker: 'officer',
  /** `reasonCode` is a key of the kind's reason list (text in the reader's language); `input` is what the kind asks for, e.g. measure and result, or the check value. */
  body: z.strictObject({
    ...target,
    verdict,
    reasonCode: z.string().max(64).optional(),
    note: remark.optional(),
    input: z.record(z.string().max(64), z.string().max(500)).optional(),
  }),
  result: z.object({ version: z.int(), undoUntil: instantText.nullable() }),
});
export const workUndo = defineCommand({
  kind: 'work.undo',
  summary: 'Takes back the own verdict while it has not taken effect',
  maker: 'officer',
  body: z.strictObject({ item: id, seenVersion: z.int() }),
  result: z.object({ version: z.int() }),
});

export const workRow = z.object({
  id,
  kind: workKind,
  ref: id,
  cell: cellNo.nullable(),
  place: z.string().nullable(),
  priority: priorityClass,
  /** Key and values of the one-line content in the console's language; already masked and cut to what this officer may see. */
  title: z.object({ key: z.string(), values: z.record(z.string(), z.string()) }),
  /** Whom it is about, masked, with what an officer has to know before standing before them. */
  people: z.array(z.object({ bed: z.int().nullable(), maskedName: z.string(), riskLevel: z.int().nullable(), flags: z.array(watchFlag) })),
  createdAt: instantText,
  deadline: instantText,
  deadlineStartedAt: instantText,
  escalated: z.int(),
  escalatedTo: role.nullable(),
  state: z.enum(['open', 'claimed', 'decided', 'done']),
  version: z.int(),
  holder: z.object({ id, name: z.string(), since: instantText, leaseUntil: instantText, mine: z.boolean() }).nullable(),
  decision: z
    .object({
      verdict,
      by: z.string(),
      at: instantText,
      undoUntil: instantText.nullable(),
      mine: z.boolean(),
      reasonCode: z.string().nullable(),
      note: z.string().nullable(),
    })
    .nullable(),
  verdicts: z.array(z.object({ verdict, needs: z.array(z.enum(['reason', 'measure-and-result', 'check-value'])), reasons: z.array(z.string()) })),
});
export type WorkRow = z.infer<typeof workRow>;
export const workQueue = defineQuery({
  path: '/api/work-items',
  audience: 'console',
  summary: 'What waits, in order of priority class, time left, age',
  search: z.object({ kind: workKind.optional(), state: z.enum(['waiting', 'done']).optional(), cell: cellNo.optional(), ...pageQuery }),
  response: pageOf(workRow).extend({ asOf: instantText, counts: z.record(z.string(), z.int()) }),
});
/** As many filters as an officer can tell apart beside the kinds. */
export const MOST_WORK_FILTERS = 8;
const filterName = z.string().trim().min(1).max(30);
/** A filter of the queue under a name: a kind or all of them, and words that a row must hold. */
export const workFilter = z.object({ name: filterName, kind: workKind.nullable(), words: z.string().trim().max(60) });
export type WorkFilter = z.infer<typeof workFilter>;
export const workSaveFilter = defineCommand({
  kind: 'work.save-filter',
  summary: 'Keeps a filter of the queue for the officer, under a name; the same name again replaces it',
  maker: 'officer',
  body: z.strictObject(workFilter.shape),
});
export const workDropFilter = defineCommand({
  kind: 'work.drop-filter',
  summary: 'Forgets a saved filter of the queue',
  maker: 'officer',
  body: z.strictObject({ name: filterName }),
});
export const workFilters = defineQuery({
  path: '/api/work-filters',
  audience: 'console',
  summary: 'The officer’s own saved filters of the queue',
  response: z.object({ filters: z.array(workFilter) }),
});
export const workHistory = z.object({ at: instantText, who: z.string().nullable(), what: z.string(), note: z.string().nullable() });
export const workDetail = defineQuery({
  path: '/api/work-items/:id',
  audience: 'console',
  summary: 'One work item with its history and the viewers',
  params: z.object({ id }),
  /** `content` comes from the item's slice with that slice's access check; null when this officer may not see it. */
  response: workRow.extend({ history: z.array(workHistory), viewers: z.array(z.string()), content: z.record(z.string(), z.unknown()).nullable() }),
});
export type WorkDetail = z.infer<typeof workDetail.response>;
/** Says that the officer has it open (presence only); repeated every 20 s. */
export const workViewPath = '/api/work-items/:id/view';
