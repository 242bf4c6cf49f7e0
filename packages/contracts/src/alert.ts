import { z } from 'zod';
import { defineCommand } from './command.js';
import { anomalyView } from './duty.js';
import { cellNo, dateText, id, instantText, pageOf, pageQuery, reason, remark } from './primitives.js';
import { defineQuery } from './query.js';

/** high: red, five tones, cannot be muted; medium: amber; low: cyan (ux R14). */
export const alertLevel = z.enum(['high', 'medium', 'low']);
export type AlertLevel = z.infer<typeof alertLevel>;
export const alertKind = z.enum(['emergency-call', 'duty-anomaly', 'device-silent', 'device-gap', 'roll-call-missing', 'sealed-parked', 'job-stuck']);
export type AlertKind = z.infer<typeof alertKind>;

/** No login, no proof, no field that can block: one press. The id of the command is the id of the call. */
export const alertCall = defineCommand({
  kind: 'alert.call',
  summary: 'Call an officer to this cell',
  maker: 'device',
  body: z.strictObject({}),
  result: z.object({ alert: id, state: z.enum(['calling', 'acknowledged']) }),
});
export const alertWithdraw = defineCommand({
  kind: 'alert.withdraw',
  summary: 'Pressed by mistake: within 5 s of the call, by the terminal it came from; stays visible to staff',
  maker: 'device',
  body: z.strictObject({ alert: id }),
});
export const alertAcknowledge = defineCommand({
  kind: 'alert.acknowledge',
  summary: 'A named officer has received the alert; sound stops, the clock does not',
  maker: 'officer',
  body: z.strictObject({ alert: id }),
});
/** Only a sound that rings can be paused, for the seconds of the policy (`alert.pauseSoundSeconds`), by one officer for all consoles, which say who. Nothing else of the alert stops. */
export const alertPauseSound = defineCommand({
  kind: 'alert.pause-sound',
  summary: 'Pauses the sound of a calling alert for a minute, on every console',
  maker: 'officer',
  body: z.strictObject({ alert: id }),
  result: z.object({ until: instantText }),
});
export const alertArrive = defineCommand({
  kind: 'alert.arrive',
  summary: 'The officer is at the cell',
  maker: 'officer',
  body: z.strictObject({ alert: id }),
});
export const alertEnd = defineCommand({
  kind: 'alert.end',
  summary: 'Ends an alert with the measure taken and the result',
  maker: 'officer',
  body: z.strictObject({ alert: id, measure: reason, result: reason }),
});

export const alertView = z.object({
  id,
  kind: alertKind,
  level: alertLevel,
  cell: cellNo.nullable(),
  place: z.string().nullable(),
  subject: id.nullable(),
  state: z.enum(['calling', 'acknowledged', 'arrived', 'ended', 'withdrawn']),
  raisedAt: instantText,
  count: z.int(),
  escalation: z.object({ step: z.int(), role: z.string(), at: instantText, nextRole: z.string().nullable(), nextAt: instantText.nullable() }),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: instantText.nullable(),
  arrivedAt: instantText.nullable(),
  arriveBy: instantText.nullable(),
  reopened: z.int(),
  proved: z.boolean(),
  anomaly: anomalyView.nullable(),
  workItem: id.nullable(),
  /** Where the site's own systems show and call the cell (`alert.cameraAddress`, `alert.talkAddress`); null where the site has none. */
  camera: z.string().nullable(),
  talk: z.string().nullable(),
  history: z.array(z.object({ at: instantText, who: z.string().nullable(), what: z.string(), note: z.string().nullable() })),
  endedBy: z.string().nullable(),
  endedAt: instantText.nullable(),
  measure: z.string().nullable(),
  result: remark.nullable(),
});
export type AlertView = z.infer<typeof alertView>;
/** A row of the alarm strip: what even a locked console shows, the cell number only. */
export const alertRow = alertView
  .pick({ id: true, kind: true, level: true, cell: true, place: true, state: true, raisedAt: true, count: true, acknowledgedBy: true, arriveBy: true })
  .extend({
    title: z.string(),
    /** Who has paused its sound, and until when; null while it rings, or has no sound. */
    soundPaused: z.object({ by: z.string(), until: instantText }).nullable(),
  });
export type AlertRow = z.infer<typeof alertRow>;
export const openAlerts = defineQuery({
  path: '/api/alerts/open',
  audience: 'console',
  summary: 'Open alerts, worst first; also for a locked console',
  response: z.object({ asOf: instantText, alerts: z.array(alertRow) }),
});
export const alertDetail = defineQuery({
  path: '/api/alerts/:id',
  audience: 'console',
  summary: 'One alert with its history',
  params: z.object({ id }),
  response: alertView,
});
export const alertList = defineQuery({
  path: '/api/alerts',
  audience: 'console',
  summary: 'Alerts, newest first',
  search: z.object(pageQuery),
  response: pageOf(alertView),
});

/** The longest period of one report, in days. */
export const MOST_LOAD_DAYS = 31;
/** How many alarms each officer had to answer: EEMUA 191 counts them by operator and ten minutes. */
export const alertLoad = defineQuery({
  path: '/api/alerts/load',
  audience: 'console',
  summary: 'Alarms per officer and ten minutes, with the alarms behind each number',
  /** Days of the site's calendar, both counted; left out: today. */
  search: z.object({ from: dateText.optional(), to: dateText.optional() }),
  response: z.object({
    /** Mean over all ten minutes of the period up to now. */
    mean: z.number(),
    most: z.number(),
    /** A mean over 1, or any 10 minutes with 10 or more, calls for a review of the alarms (ux R17). */
    review: z.boolean(),
    /** Ten minutes in which something was raised, newest first. */
    windows: z.array(
      z.object({
        at: instantText,
        perOfficer: z.number(),
        officers: z.int(),
        alarms: z.array(
          z.object({ id, kind: alertKind, level: alertLevel, cell: cellNo.nullable(), place: z.string().nullable(), title: z.string(), raisedAt: instantText }),
        ),
      }),
    ),
  }),
});
