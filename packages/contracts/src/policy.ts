import { z } from 'zod';
import { role } from './roles.js';
import { type PriorityClass, priorityClass } from './work.js';

/*
 * Site policy: one typed document. A change travels whole, with a reason and the instant from which it holds.
 * Bounds are what the rules can stand; a rule that no setting may weaken has no field here, or only a stricter range.
 * Letters at the end of a description tell how sure the source is: V read in the law or the ministry's text, S quoted by others,
 * C seen in public code of such systems, M from memory, A our assumption, to be reviewed by the site.
 */

/** Whole number between bounds with a default and what an administrator reads about it. */
const whole = (fallback: number, least: number, most: number, about: string) => z.int().min(least).max(most).default(fallback).describe(about);
const yes = (about: string) => z.boolean().default(true).describe(about);

/** A time of day on the site's clock, "HH:MM". */
const clockText = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 21:30');
const span = z.strictObject({ start: clockText, end: clockText });
/** From `start` up to `end` on the site's clock; an end at or before the start lies on the next day, so equal times are a whole day. */
export type PolicySpan = z.infer<typeof span>;

function minuteOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

/** Minutes from midnight to the start of a span and its length in minutes, 1..1440. */
export function spanMinutes(value: PolicySpan): { start: number; length: number } {
  const start = minuteOf(value.start);
  return { start, length: ((minuteOf(value.end) - start + 1_440 - 1) % 1_440) + 1 };
}

function overlap(a: PolicySpan, b: PolicySpan): boolean {
  const [first, second] = [spanMinutes(a), spanMinutes(b)];
  const gap = (second.start - first.start + 1_440) % 1_440;
  return gap < first.length || 1_440 - gap < second.length;
}

/** Shortest slot worth a sign-in: the window of ten minutes before and after needs room. */
const SHORTEST_SLOT_MINUTES = 30;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const site = z.strictObject({
  name: z.string().trim().min(1).max(80).default('Sallyport').describe('Name of the facility as its screens show it.'),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai')
    .default('Asia/Shanghai')
    .describe('IANA time zone of all clock times and dates here, whatever the machine says.'),
});

/** Who is kept off duty. Separation (sex, minors, sentence, co-suspects) and people out of the cell are rules without a switch. */
const exclusions = z.strictObject({
  transition: yes('Keep newly admitted people off duty for `transitionDays`. (A)'),
  riskLevelOne: yes('Keep risk level 1 off duty. (A)'),
  selfHarmWatch: yes('Keep people under suicide or self-harm watch off duty. (A)'),
  mentalIllness: yes('Keep people with mental illness off duty. (A)'),
  acuteIllness: yes("Keep acutely ill people and those with a doctor's rest order off duty. (A)"),
  restraints: yes('Keep people in restraints off duty. (A)'),
  confinement: yes('Keep people in confinement off duty. (A)'),
  pregnant: yes('Keep pregnant women off duty. (A)'),
  illOrDisabled: yes('Keep lastingly ill or disabled people off duty. (A)'),
  old: yes('Keep people of `oldFromAge` and more off duty. (A)'),
  departure: yes('Keep people due for court or transfer off duty in the night before. (A)'),
  previousSlot: yes('Nobody is on duty in two slots that follow one another. (A)'),
  twoNew: yes('No two people admitted within `newDays` together. (A)'),
  twoRiskTwo: yes('No two people of risk level 2 together. (A)'),
  permanentPair: yes('The same two at most `pairLimit` times within the fairness days. (A)'),
});

const signIn = z
  .strictObject({
    opensBeforeMinutes: whole(10, 1, 30, 'Minutes before the start from which a sign-in is taken. (A)'),
    voiceAfterMinutes: whole(1, 0, 10, 'Minutes after the start when the terminal calls by voice. (A)'),
    alarmAfterMinutes: whole(3, 1, 15, 'Minutes after the start until which a sign-in is on time; then the anomaly is raised on the console. (A)'),
    leaderAfterMinutes: whole(5, 1, 30, 'Minutes after the start when an unended anomaly goes to the duty leader. (A)'),
    closesAfterMinutes: whole(10, 1, 29, 'Minutes after the start until which a sign-in is taken as late; then it is refused as absent. (A)'),
  })
  .refine(
    (value) =>
      value.voiceAfterMinutes <= value.alarmAfterMinutes &&
      value.alarmAfterMinutes <= value.leaderAfterMinutes &&
      value.alarmAfterMinutes <= value.closesAfterMinutes,
    'must follow one another: voice, alarm, then leader and close',
  );

const presence = z
  .strictObject({
    everyMinutes: whole(30, 10, 60, 'Mean minutes between two presence prompts. (A)'),
    jitterMinutes: whole(10, 0, 30, 'Most minutes by which a prompt comes earlier or later, so that it cannot be foreseen. (A)'),
    marginMinutes: whole(5, 0, 15, 'Minutes at the start and the end of a slot without a prompt. (A)'),
    responseSeconds: whole(60, 20, 300, 'Seconds in which a prompt has to be answered. (A)'),
  })
  .refine((value) => value.jitterMinutes < value.everyMinutes, { path: ['jitterMinutes'], error: 'must be less than the minutes between prompts' });

const duty = z
  .strictObject({
    shiftMinutes: z.literal([60, 90, 120]).default(120).describe('Length of a slot in minutes. (C: 60 and 120 seen, S: 120 at night)'),
    windows: z
      .array(span)
      .min(1)
      .max(6)
      .default([
        { start: '12:00', end: '14:00' },
        { start: '21:30', end: '06:30' },
      ])
      .describe('Times of day with duty: noon rest and night. Equal start and end: all day. (S)'),
    minOnDuty: z.literal(2).default(2).describe('People on duty in every slot. (V: nobody alone, nobody missing)'),
    signIn: signIn.prefault({}),
    rosterWarnHours: whole(24, 4, 168, 'Hours before a slot without an approved roster when the roster is asked for. (A)'),
    noteAfterEndMinutes: whole(
      120,
      10,
      480,
      'Minutes after its slot in which a handover note is still taken: the outgoing may have been kept by late relief. (A)',
    ),
    offlineGraceSeconds: whole(
      60,
      10,
      300,
      'Seconds after the return of a silent terminal in which its stored sign-ins may arrive; what is missing then is missing. (A)',
    ),
    presence: presence.prefault({}),
    night: span.default({ start: '21:30', end: '06:30' }).describe('A slot that starts in this span is a night slot for fairness and for quiet sounds. (A)'),
    quietNight: yes('At night the tone and the voice of the terminal are quiet; alarms never are. (A)'),
    fairness: z
      .strictObject({
        days: whole(14, 7, 31, 'Days over which night slots are shared out evenly. (A)'),
        maxSpread: whole(1, 1, 5, 'Largest allowed difference in night slots between two people who could serve alike. (A)'),
        pairLimit: whole(4, 1, 31, 'Most times that the same two serve together within these days. (A)'),
      })
      .prefault({}),
    exclusions: exclusions.prefault({}),
    transitionDays: whole(15, 7, 15, 'Days after admission in the transition period. (C: 7 to 15)'),
    newDays: whole(30, 7, 90, 'Days after admission while somebody counts as new for the pair rule. (A)'),
    oldFromAge: whole(65, 55, 90, 'Age from which somebody is too old for duty. (A)'),
    reviewReadyAt: clockText.default('07:45').describe("When last night's exceptions are ready as one page. (S)"),
  })
  .superRefine((value, context) => {
    value.windows.forEach((window, index) => {
      if (value.windows.slice(0, index).some((earlier) => overlap(earlier, window)))
        context.addIssue({ code: 'custom', path: ['windows', index], message: 'must not overlap another window' });
      const rest = spanMinutes(window).length % value.shiftMinutes;
      if (rest > 0 && rest < SHORTEST_SLOT_MINUTES)
        context.addIssue({
          code: 'custom',
          path: ['windows', index],
          message: `leaves a last slot of ${rest} minutes; at least ${SHORTEST_SLOT_MINUTES} are needed`,
        });
    });
  });

const rollCall = z.strictObject({
  times: z
    .array(clockText)
    .min(2)
    .max(12)
    .default(['06:45', '21:15'])
    .refine((times) => new Set(times).size === times.length, 'must not name a time twice')
    .describe('Times of day of the scheduled roll calls, at least morning and night. (C times, A minutes)'),
  rounds: z.literal(2).default(2).describe('Rounds: the second calls only those whom the first missed. (A)'),
  roundSeconds: whole(300, 60, 1_800, 'Seconds a round stays open: a cell of 20 with one reader. (A)'),
  betweenRoundsSeconds: whole(60, 0, 600, 'Seconds between the rounds. (A)'),
});

const escalation = z.strictObject({ afterSeconds: z.int().min(0).max(604_800), to: z.array(role).min(1).max(4) });
const rising = (steps: readonly { afterSeconds: number }[]) =>
  steps.every((step, index) => index === 0 || step.afterSeconds > (steps[index - 1]?.afterSeconds ?? 0));
const escalations = (fallback: z.infer<typeof escalation>[], about: string) =>
  z.array(escalation).min(1).max(8).refine(rising, 'must come in rising order of seconds').default(fallback).describe(about);

/** Class of a kind in the queue and how long one may wait. */
const kindTimes = (priority: PriorityClass, deadlineSeconds: number, about: string) => ({
  priority: priorityClass.default(priority).describe('Class in the queue; emergencies stand on top and sound.'),
  deadlineSeconds: whole(deadlineSeconds, 15, 604_800, `Seconds until it should be decided. ${about}`),
});
/** A kind whose escalation is told by another section: calls by `alert`, duty reviews by `duty.signIn`. */
const timedKind = (...times: Parameters<typeof kindTimes>) => z.strictObject(kindTimes(...times)).prefault({});
const escalatedKind = (steps: z.infer<typeof escalation>[], ...times: Parameters<typeof kindTimes>) =>
  z.strictObject({ ...kindTimes(...times), escalation: escalations(steps, 'Seconds since it came and the posts that are then told as well.') }).prefault({});

/** What an unanswered call does: the cell's officer, medical and the control room at once, then again and wider, last the head of the duty. */
const CALL_STEPS: z.infer<typeof escalation>[] = [
  { afterSeconds: 0, to: ['cell-officer', 'medical', 'control-room'] },
  { afterSeconds: 15, to: ['cell-officer', 'control-room', 'medical'] },
  { afterSeconds: 30, to: ['cell-officer', 'control-room', 'medical', 'leadership'] },
  { afterSeconds: 60, to: ['control-room', 'leadership'] },
  { afterSeconds: 180, to: ['leadership'] },
];

const work = z.strictObject({
  leaseSeconds: whole(90, 30, 600, 'Seconds a claim holds an item without any act of its holder. (A)'),
  undoSeconds: whole(10, 0, 60, 'Seconds in which a verdict can be undone before it takes effect. (A)'),
  kinds: z
    .strictObject({
      'emergency-call': timedKind('emergency', 15, 'Acknowledged, that is. (A)'),
      'duty-review': timedKind('urgent', 300, 'The anomaly itself came minutes after the start of the slot. (A)'),
      'device-silence': escalatedKind(
        [
          { afterSeconds: 0, to: ['control-room'] },
          { afterSeconds: 240, to: ['control-room', 'leadership'] },
        ],
        'urgent',
        300,
        'Counted from amber. (A)',
      ),
      substitute: escalatedKind(
        [
          { afterSeconds: 0, to: ['cell-officer', 'control-room'] },
          { afterSeconds: 600, to: ['leadership'] },
        ],
        'urgent',
        600,
        '(A)',
      ),
      'device-enrolment': escalatedKind([{ afterSeconds: 0, to: ['system-admin'] }], 'soon', 600, 'The code lives as long. (A)'),
      'command-parked': escalatedKind([{ afterSeconds: 0, to: ['system-admin'] }], 'soon', 14_400, '(A)'),
      'roll-call-review': timedKind('urgent', 300, 'Who is missing is looked for at once. (A)'),
      'device-gap': escalatedKind([{ afterSeconds: 0, to: ['control-room', 'system-admin'] }], 'soon', 3_600, 'The command may still arrive. (A)'),
      'job-stuck': escalatedKind(
        [
          { afterSeconds: 0, to: ['control-room', 'system-admin'] },
          { afterSeconds: 600, to: ['leadership'] },
        ],
        'urgent',
        1_800,
        'Until it is mended, officers do by hand what the job would have done. (A)',
      ),
      'roster-missing': escalatedKind(
        [
          { afterSeconds: 0, to: ['cell-officer', 'control-room'] },
          { afterSeconds: 43_200, to: ['leadership'] },
        ],
        'soon',
        64_800,
        'It comes `rosterWarnHours` before the slot. (A)',
      ),
      'roster-approval': escalatedKind(
        [
          { afterSeconds: 0, to: ['control-room', 'leadership'] },
          { afterSeconds: 43_200, to: ['leadership'] },
        ],
        'routine',
        86_400,
        '(A)',
      ),
    })
    .prefault({}),
});

/** Longest address of another system. */
const LONGEST_ADDRESS = 200;
/** Empty, or an address of one of these schemes with `{cell}` in it: whatever else a browser would run or open has no place here. */
const cellAddress = (schemes: readonly string[], about: string) =>
  z
    .string()
    .max(LONGEST_ADDRESS)
    .refine(
      (text) => text === '' || (schemes.some((scheme) => text.startsWith(scheme)) && text.includes('{cell}') && /^[\x21-\x7e]+$/.test(text)),
      `must be empty, or begin with ${schemes.join(' or ')} and hold {cell} where the cell's number goes`,
    )
    .default('')
    .describe(about);

const alert = z
  .strictObject({
    withdrawSeconds: z.literal(5).default(5).describe('Seconds in which the presser can withdraw a call; staff still see it.'),
    escalation: escalations(
      CALL_STEPS,
      'Seconds since the call and the posts that are told until somebody acknowledges; the control room and medical always at once. (A)',
    ),
    arriveWithinMinutes: whole(5, 1, 5, 'Minutes after the acknowledgement in which somebody stands at the door; else the call opens again. (S: 5 at most)'),
    silenceAmberSeconds: whole(60, 20, 300, 'Seconds without a sign of life until a device is amber. (A)'),
    silenceRedSeconds: whole(300, 60, 1_800, 'Seconds without a sign of life until a device is red. (A)'),
    mergeSeconds: whole(60, 0, 300, 'Alerts of one cause within these seconds are one alert with a counter. (A)'),
    pauseSoundSeconds: whole(60, 10, 120, 'Seconds for which one person may pause a sound that cannot be muted. (A)'),
    cameraAddress: cellAddress(
      ['https://', 'http://'],
      "Address of a cell's picture in the site's video system, `{cell}` for its number; empty: the console offers none. (A)",
    ),
    talkAddress: cellAddress(
      ['sip:', 'tel:', 'https://'],
      "Address under which the site's intercom calls a cell, `{cell}` for its number; empty: the console offers none. (A)",
    ),
  })
  .refine((value) => value.silenceAmberSeconds < value.silenceRedSeconds, { path: ['silenceRedSeconds'], error: 'must be more than amber' });

const device = z.strictObject({
  enrolmentMinutes: whole(10, 1, 30, 'Minutes an enrolment code lives. (A)'),
  enrolmentTries: whole(5, 1, 10, 'Wrong tries after which the code is dead. (A)'),
  sessionMinutes: whole(10, 2, 60, 'Minutes after which a device proves its key again. (A)'),
  heartbeatSeconds: whole(15, 5, 60, 'Seconds between two signs of life. (A)'),
  skewLimitSeconds: whole(120, 10, 900, "Seconds a device's clock may differ from the server's before its times go to review. (A)"),
});

const pin = z.strictObject({
  triesPerSlot: whole(3, 1, 3, 'Wrong PINs per person and duty slot or errand until "call an officer"; never more than 3.'),
  lockAfterFailures: whole(6, 3, 10, 'Wrong PINs within the lock window after which the PIN is locked. (A)'),
  lockWindowMinutes: whole(60, 10, 1_440, 'Minutes over which wrong PINs add up. (A)'),
  lockMinutes: whole(30, 5, 1_440, 'Minutes of a lock; an officer can end it earlier after seeing the person. (A)'),
});

const session = z.strictObject({
  idleLockMinutes: whole(5, 1, 15, 'Minutes without a touch until a console locks; alarms stay visible. (A)'),
  absoluteHours: whole(12, 1, 24, 'Hours after which an officer signs in again. (A: one shift)'),
  stepUpMinutes: whole(5, 1, 15, 'Minutes for which a fresh proof covers sensitive acts. (A)'),
  signInTries: whole(5, 3, 10, 'Failed sign-ins of one officer until a lock. (A)'),
  signInLockMinutes: whole(15, 5, 1_440, 'Minutes of that lock. (A)'),
});

const terminal = z.strictObject({
  maskAfterSeconds: whole(15, 5, 60, 'Idle seconds after which personal values are masked. (A)'),
  askAfterSeconds: whole(45, 20, 120, 'Idle seconds after which the screen blurs and asks "still there?". (A)'),
  answerWithinSeconds: whole(20, 20, 60, 'Seconds to answer that question; 20 is the least that guidance allows.'),
  revealSeconds: whole(15, 5, 30, 'Seconds a masked value stays readable after a tap. (A)'),
  freshProofSeconds: whole(60, 15, 300, 'Age of a proof in seconds after which paying or health asks anew. (A)'),
  doneSeconds: whole(10, 5, 30, 'Seconds a confirmation stays before the screen leaves by itself. (A)'),
  lightsOutAt: clockText.default('21:30').describe('From here the screens wear the night theme. (A)'),
  lightsOnAt: clockText.default('06:30').describe('End of the night theme. (S: rise at 06:30)'),
  showSurnames: z.boolean().default(false).describe('Show surname* beside the bed number of those on duty on the shared screen.'),
});

const audit = z.strictObject({ minDays: whole(1_095, 180, 7_300, 'Days audit records are kept; the law asks for 180 at least. (V)') });

const DAY_PLAN: readonly (readonly [string, string])[] = [
  ['06:30', 'rise'],
  ['06:45', 'roll-call'],
  ['07:00', 'breakfast'],
  ['07:30', 'cleaning'],
  ['08:30', 'study'],
  ['09:30', 'ward-round'],
  ['11:30', 'lunch'],
  ['12:00', 'noon-rest'],
  ['14:30', 'outdoor'],
  ['15:00', 'ward-round'],
  ['17:30', 'supper'],
  ['19:00', 'news'],
  ['20:00', 'free-time'],
  ['21:15', 'roll-call'],
  ['21:30', 'lights-out'],
];
const activity = z.enum([
  'rise',
  'roll-call',
  'breakfast',
  'cleaning',
  'study',
  'ward-round',
  'lunch',
  'noon-rest',
  'outdoor',
  'supper',
  'news',
  'free-time',
  'lights-out',
]);
const routine = z.strictObject({
  timetable: z
    .array(z.strictObject({ at: clockText, activity }))
    .min(1)
    .max(40)
    .default(DAY_PLAN.map(([at, name]) => ({ at, activity: activity.parse(name) })))
    .describe("The day's plan as the idle screen shows it. (S, exact minutes A)"),
  outdoorMinutes: whole(60, 60, 240, 'Minutes of outdoor time a day; the law asks for 60 at least. (V)'),
});

/** The whole site policy. `parse({})` gives the defaults. */
export const policyDocument = z.strictObject({
  site: site.prefault({}),
  duty: duty.prefault({}),
  rollCall: rollCall.prefault({}),
  work: work.prefault({}),
  alert: alert.prefault({}),
  device: device.prefault({}),
  pin: pin.prefault({}),
  session: session.prefault({}),
  terminal: terminal.prefault({}),
  audit: audit.prefault({}),
  routine: routine.prefault({}),
});
export type PolicyDocument = z.infer<typeof policyDocument>;

/** The policy of a site that has decided nothing yet. */
export const defaultPolicy: PolicyDocument = policyDocument.parse({});
