import { z } from 'zod';

/**
 * Why a command was refused, in order of precedence within each group: the first that applies is given.
 * Every code has a text in the `refusal` catalogue that says what to do next.
 */
export const refusalCode = z.enum([
  // the envelope
  'ENVELOPE_INVALID',
  'KIND_UNKNOWN',
  'VERSION_UNSUPPORTED',
  'ID_REUSED',
  'BODY_INVALID',
  'SEAL_BROKEN',
  'SIGNATURE_BROKEN',
  // access
  'NOT_SIGNED_IN',
  'NOT_ALLOWED',
  'OUT_OF_SCOPE',
  'STEP_UP_NEEDED',
  'DEVICE_REVOKED',
  'WRONG_PLACE',
  // proof
  'PROOF_MISSING',
  'PROOF_KIND_NOT_ACCEPTED',
  'PROOF_WRONG',
  'PROOF_LOCKED',
  // things that changed meanwhile
  'NOT_FOUND',
  'STALE_VERSION',
  'ALREADY_DECIDED',
  'ALREADY_DONE',
  'HELD_BY_ANOTHER',
  'LEASE_ENDED',
  'UNDO_TOO_LATE',
  'VERDICT_NOT_OFFERED',
  // duty
  'NO_DUTY_NOW',
  'NOT_ON_DUTY',
  'WINDOW_NOT_OPEN',
  'WINDOW_CLOSED',
  'ALREADY_SIGNED',
  'EXCLUDED_FROM_DUTY',
  'PERSON_OUT_OF_CELL',
  'ROSTER_CONFLICT',
  'ROSTER_IN_PAST',
  'COMMENTS_FULL',
  'PRESENCE_NOT_ASKED',
  'ROLL_CALL_NOT_OPEN',
  // people, devices, access, policy
  'BED_TAKEN',
  'CELL_FULL',
  'NUMBER_TAKEN',
  'SEPARATION_RULE',
  'CHECK_VALUE_DIFFERENT',
  'PLACE_TAKEN',
  'READER_KEY_KNOWN',
  'READERS_FULL',
  'FILTERS_FULL',
  'ADMIN_ROLES_EXCLUSIVE',
  'LAST_SECURITY_ADMIN',
  'POLICY_INVALID',
  'POLICY_OUTDATED',
  'POLICY_DATE',
  'POLICY_ORPHANS_ROSTERS',
  'WITHDRAW_TOO_LATE',
]);
export type RefusalCode = z.infer<typeof refusalCode>;

/** Codes of answers that are no outcome of a command and that a person may read: nothing was changed. They have texts in the same catalogue. */
export const problemCode = z.enum(['TOO_MANY_REQUESTS', 'SIGN_IN_LOCKED', 'PASSKEY_NOT_VALID', 'CURSOR_UNKNOWN']);
