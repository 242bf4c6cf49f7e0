import { z } from 'zod';
import { defineCommand } from './command.js';
import { bedNo, cellNo, dateText, id, instantText, localNo, pageOf, pageQuery, personName, reason } from './primitives.js';
import { defineQuery } from './query.js';

/** Facts that decide who may be on duty and who may share a cell. No ethnic group, faith, nationality or language among them (HARD). */
export const watchFlag = z.enum([
  'self-harm-watch',
  'mental-illness',
  'acute-illness',
  'restraints',
  'confinement',
  'pregnant',
  'disabled',
  'very-old',
  'court-tomorrow',
  'transfer-tomorrow',
]);
export type WatchFlag = z.infer<typeof watchFlag>;
export const personFacts = z.strictObject({
  sex: z.enum(['male', 'female']),
  birthDate: dateText,
  sentenced: z.boolean(),
  riskLevel: z.union([z.literal(1), z.literal(2), z.literal(3), z.null()]),
  flags: z.array(watchFlag).max(10),
  coSuspectGroup: z.string().trim().max(40).nullable(),
});
export type PersonFacts = z.infer<typeof personFacts>;
export const absenceReason = z.enum(['interrogation', 'lawyer-meeting', 'family-visit', 'clinic', 'hospital', 'court', 'other']);
export type AbsenceReason = z.infer<typeof absenceReason>;

export const admission = personFacts.extend({ number: localNo, name: personName, cell: cellNo, bed: bedNo, admittedOn: dateText });
export const personAdmit = defineCommand({
  kind: 'person.admit',
  summary: 'Takes a person into a cell and bed',
  maker: 'officer',
  body: admission,
  result: z.object({ person: id, pin: z.string() }),
});
export const personMove = defineCommand({
  kind: 'person.move',
  summary: 'Moves a person to another cell or bed',
  maker: 'officer',
  body: z.strictObject({ person: id, cell: cellNo, bed: bedNo, reason, seenVersion: z.int() }),
  result: z.object({ version: z.int() }),
});
export const personRelease = defineCommand({
  kind: 'person.release',
  summary: 'The person leaves for good',
  maker: 'officer',
  body: z.strictObject({ person: id, reason, seenVersion: z.int() }),
});
export const personAmend = defineCommand({
  kind: 'person.amend',
  summary: 'Changes facts of a person, with the reason',
  maker: 'officer',
  body: z.strictObject({ person: id, facts: personFacts.partial(), reason, seenVersion: z.int() }),
  /** `separation`: rules that the new facts break in the present cell; the truth is taken down, and the person has to be moved. */
  result: z.object({ version: z.int(), separation: z.array(z.string()) }),
});
export const personTakeOut = defineCommand({
  kind: 'person.take-out',
  summary: 'The person is taken out of the cell for a while',
  maker: 'officer',
  body: z.strictObject({ person: id, reason: absenceReason }),
});
export const personTakeBack = defineCommand({
  kind: 'person.take-back',
  summary: 'The person is back in the cell',
  maker: 'officer',
  body: z.strictObject({ person: id }),
});
/** The new PIN is shown once to the officer, who hands it over in person. Ends a lock-out. */
export const personResetPin = defineCommand({
  kind: 'person.reset-pin',
  summary: 'Gives a new PIN and ends a lock-out',
  maker: 'officer',
  body: z.strictObject({ person: id, reason }),
  result: z.object({ pin: z.string() }),
});
/** Lets the person register a passkey on the terminal of the own cell within ten minutes. */
export const personAllowPasskey = defineCommand({
  kind: 'person.allow-passkey',
  summary: 'Lets the person register a passkey at the cell’s terminal',
  maker: 'officer',
  body: z.strictObject({ person: id }),
  result: z.object({ until: instantText }),
});
export const personRegisterPasskey = defineCommand({
  kind: 'person.register-passkey',
  summary: 'Registers a person-bound passkey at the cell terminal after an officer allowed it',
  maker: 'device',
  proofs: ['pin'],
  body: z.strictObject({
    person: z.union([z.strictObject({ number: localNo }), z.strictObject({ bed: bedNo })]),
    registration: z.record(z.string(), z.unknown()),
  }),
  result: z.object({ credentials: z.int() }),
});
/** Which credentials this person may use here: asked with the bed, answered without a name. */
export const passkeyOptionsPath = '/api/terminal/passkey-options';
export const passkeyOptions = z.strictObject({ person: z.union([z.strictObject({ number: localNo }), z.strictObject({ bed: bedNo })]) });
export const passkeyOptionsResponse = z.object({
  rpId: z.string(),
  allowCredentials: z.array(z.string()),
  mayRegister: z.boolean(),
  registrationUser: z.string().nullable(),
});
/** A nonce for the reader beside this terminal (proof kind `bridge`); asked with the device's session. */
export const bridgeNoncePath = '/api/terminal/bridge-nonce';
export const bridgeNonceResponse = z.object({ nonce: z.string() });

/** CSV import: accepted and refused rows, each refused one with the field and what to do. At most 5,000 rows (the largest site). */
export const IMPORT_ROWS_LIMIT = 5_000;
export const importColumns = ['number', 'name', 'sex', 'birthDate', 'cell', 'bed', 'admittedOn', 'sentenced', 'riskLevel', 'flags', 'coSuspectGroup'] as const;
/** Longest file in characters: 5,000 rows of 400. A Chinese character takes three bytes and JSON escapes some. */
const CSV_LIMIT = 2_000_000;
export const personImport = defineCommand({
  bodyLimit: 4 * CSV_LIMIT,
  kind: 'person.import',
  summary: 'Admits people from rows of a CSV file, with a report of accepted and refused rows',
  maker: 'officer',
  body: z.strictObject({ fileName: z.string().max(200), csv: z.string().min(1).max(CSV_LIMIT) }),
  result: z.object({
    accepted: z.int(),
    refused: z.int(),
    unchanged: z.int(),
    rows: z
      .array(
        z.object({
          line: z.int(),
          number: z.string().nullable(),
          outcome: z.enum(['accepted', 'refused', 'unchanged']),
          field: z.string().nullable(),
          rule: z.string().nullable(),
        }),
      )
      .max(IMPORT_ROWS_LIMIT),
  }),
});

export const personRow = z.object({
  id,
  number: localNo,
  maskedName: z.string(),
  cell: cellNo.nullable(),
  bed: bedNo.nullable(),
  state: z.enum(['held', 'released']),
  admittedOn: dateText,
  out: z.object({ reason: absenceReason, since: instantText }).nullable(),
  flags: z.array(watchFlag),
  riskLevel: z.int().nullable(),
  pinLocked: z.boolean(),
  version: z.int(),
});
export const peopleList = defineQuery({
  path: '/api/people',
  audience: 'console',
  summary: 'People within the officer’s blocks',
  search: z.object({ cell: cellNo.optional(), text: z.string().max(60).optional(), state: z.enum(['held', 'released']).optional(), ...pageQuery }),
  response: pageOf(personRow).extend({ total: z.int() }),
});
export const personDetail = defineQuery({
  path: '/api/people/:id',
  audience: 'console',
  summary: 'One person; the view is audited',
  params: z.object({ id }),
  response: personRow.extend({
    name: z.string(),
    facts: personFacts,
    credentials: z.int(),
    moves: z.array(z.object({ at: instantText, cell: cellNo.nullable(), bed: bedNo.nullable(), reason: z.string(), by: z.string().nullable() })),
  }),
});
export const cellList = defineQuery({
  path: '/api/cells',
  audience: 'console',
  summary: 'Cells with places and people',
  response: z.object({
    /** False for who only manages devices: then `people` is 0 and `freeBeds` empty, whatever the cell holds. */
    withPeople: z.boolean(),
    cells: z.array(
      z.object({
        cell: cellNo,
        block: z.string(),
        capacity: z.int(),
        people: z.int(),
        sex: z.enum(['male', 'female']),
        transition: z.boolean(),
        freeBeds: z.array(bedNo),
      }),
    ),
  }),
});

/** A person in an officer's list; somebody released has no bed any more. */
export const listedPerson = z.object({ id, bed: bedNo.nullable(), number: z.string(), maskedName: z.string() });
