import { isStalePlan } from './prepared.js';

/** What to do with a transaction that failed. */
export type FailureKind =
  /** The same statements may succeed a moment later: run them all again. */
  | 'conflict'
  /** The database cannot work now: nothing was done, the sender comes again later. */
  | 'unavailable'
  /** Something in the batch is at fault. */
  | 'fault';

/** Another process took an id or made a row meanwhile: the look-up of the next try will see it. */
export class RaceError extends Error {
  override readonly name = 'RaceError';
}

const CONFLICTS = new Set(['40001', '40P01', '55P03']);
/** Connection trouble, resources such as disk and memory, operator intervention, system errors; a primary that became a standby. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);
const READ_ONLY = '25006';
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN']);
/** pg has no codes for these. */
const DRIVER_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after|not queryable|driver has already been destroyed/;

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function failureKind(error: unknown): FailureKind {
  if (error instanceof RaceError || isStalePlan(error)) return 'conflict';
  const code = codeOf(error);
  if (code !== undefined) {
    if (CONFLICTS.has(code)) return 'conflict';
    if (UNAVAILABLE_CLASSES.has(code.slice(0, 2)) || code === READ_ONLY || NETWORK.has(code)) return 'unavailable';
  }
  return error instanceof Error && DRIVER_TEXTS.test(error.message) ? 'unavailable' : 'fault';
}

const MESSAGE_LIMIT = 300;

/** What the quarantine keeps of an error: where it broke, never values of rows. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if ('severity' in error) {
    const { code, constraint, table } = error as { code?: string; constraint?: string; table?: string };
    return `DatabaseError ${[code, table, constraint].filter(Boolean).join(' ')}`.slice(0, MESSAGE_LIMIT);
  }
  return `${error.name}: ${error.message}`.slice(0, MESSAGE_LIMIT);
}
