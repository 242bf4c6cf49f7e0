import type { Id } from '@sallyport/basics';
import type { PersonRef } from '@sallyport/contracts';
import { type ActTime, actedAt, type ProofOutcome } from '@sallyport/domain';
import { type CommandScope, type DeviceActor, type Handled, type Incoming, refused } from '../../platform/commands/kind.js';
import type { Person } from '../person/index.js';

/** The cell of the terminal that sent a command; null for a device outside the cells. */
export function cellOf(command: Incoming<unknown>): string | null {
  return (command.actor as DeviceActor).cell;
}

/** The times of an act as the rules read them: without a server sample of the same boot only the device's own clock tells. */
export function timeOf({ receivedAt, correctedAt, claimedAt, skewMs }: Incoming<unknown>): ActTime {
  return { receivedAt, correctedAt: skewMs === null ? null : correctedAt, claimedAt, skewMs };
}

/** When the act was done, as far as the server believes it. */
export function momentOf(scope: CommandScope, command: Incoming<unknown>): number {
  return actedAt(timeOf(command), scope.policy).at;
}

export function proofOf(command: Incoming<unknown>): ProofOutcome {
  const outcome = command.proof?.outcome ?? 'missing';
  return outcome === 'unknown-person' ? 'wrong' : outcome;
}

/** Who was proved to act; null when nobody was. */
export function provedPerson(command: Incoming<unknown>): Id | null {
  return command.proof?.outcome === 'proved' ? command.proof.person : null;
}

const PROOF_CODES = { missing: 'PROOF_MISSING', wrong: 'PROOF_WRONG', locked: 'PROOF_LOCKED' } as const;

/** The refusal of an act whose person is not proved; null when they are. */
export function proofRefusal(command: Incoming<unknown>): Handled<never> | null {
  const outcome = proofOf(command);
  return outcome === 'proved' ? null : refused(PROOF_CODES[outcome], 'the person could not be verified');
}

/** False when the act names another number than the one that was proved. A bed may have changed hands since, so only the proof counts there. */
export function namesPerson(ref: PersonRef, person: Person): boolean {
  return 'bed' in ref || ref.number === person.number;
}

export const OUTSIDE_CELLS = refused('WRONG_PLACE', 'only the terminal of a cell can send this');
