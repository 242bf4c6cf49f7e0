import type { Chance } from './chance.js';

/** Everything that can go wrong in a run, by name. */
export const FAULT_KINDS = [
  /** The request never arrives. */
  'drop',
  /** Request or answer takes seconds. */
  'delay',
  /** The request arrives twice. */
  'duplicate',
  /** The terminal has given up long before the request arrives, behind newer ones. */
  'late',
  /** The server did it, the answer is lost. */
  'cut',
  /** The session counts as ended. */
  'unauthorised',
  /** A proxy or a busy server sends the request away. */
  'unavailable',
  /** Something between answers with a page or with half of an answer. */
  'garbage',
  /** The line of a terminal is down for minutes. */
  'outage',
  /** The wall clock of a terminal jumps, up to a day. */
  'clock',
  /** A terminal loses power and starts again on its disk. */
  'restart',
  /** The disk of a terminal comes back as it was some time ago. */
  'rollback',
  /** Two pages are open on one terminal. */
  'two-pages',
  /** The server is stopped in good order and started again. */
  'server-restart',
  /** The server is killed at a statement. */
  'server-kill',
  /** The database drops every connection at a statement; the server lives. */
  'database-cut',
  /** Commits take their time, so that they become visible out of order. */
  'slow-commit',
  /** Two processes of the server work side by side. */
  'two-servers',
  /** A command at which the server breaks. */
  'poison',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type Faults = ReadonlySet<FaultKind>;

/** A random part of the kinds: a run with all of them at once finds less than many runs with few (swarm testing). */
export function drawFaults(chance: Chance): Faults {
  const share = chance.one([0.15, 0.3, 0.5]);
  const drawn = FAULT_KINDS.filter(() => chance.happens(share));
  return new Set(drawn.length > 0 ? drawn : [chance.one(['cut', 'server-kill', 'restart'] as const)]);
}
