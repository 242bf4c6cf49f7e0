import { type Id, type Instant, MINUTE, unreachable } from '@sallyport/basics';
import type { Proof } from '@sallyport/contracts';
import type { CheckProofs, CommandScope, ProofCheck, ProofVerdict } from '../../platform/commands/kind.js';
import { bridgeProves } from './bridge.js';
import { type PersonPasskey, passkeyProves } from './passkey.js';
import { pinMatches } from './pin.js';
import { isReplayed, type PinFailure, reachesLock, triesAreSpent } from './pin-limits.js';
import {
  type AskedPerson,
  bridgeKeysOf,
  failuresOf,
  passkeysOf,
  recordProofs,
  type RegisteredReader,
  type ResolvedPerson,
  resolveAsked,
} from './proof-store.js';

interface Evidence {
  readonly scope: CommandScope;
  readonly cellOrigin: string;
  readonly failures: Map<Id, PinFailure[]>;
  readonly passkeys: ReadonlyMap<string, PersonPasskey>;
  readonly bridges: ReadonlyMap<string, RegisteredReader>;
  readonly newFailures: { readonly command: Id; readonly person: Id; readonly failure: PinFailure }[];
  readonly locks: Map<Id, Instant>;
  readonly counters: Map<string, number>;
}
type Judgement = 'proved' | 'wrong' | 'locked';

function checkPin(check: ProofCheck, pin: string, person: ResolvedPerson, evidence: Evidence): Judgement {
  const { now, policy, keys } = evidence.scope;
  const failures = evidence.failures.get(person.id) ?? [];
  const act = { kind: check.kind, actedAt: Math.min(check.correctedAt, check.receivedAt) };
  const lockedUntil = evidence.locks.get(person.id) ?? person.lockedUntil;
  if (!person.pin || (lockedUntil !== null && lockedUntil > now) || triesAreSpent(failures, act, now, policy)) return 'locked';
  if (pinMatches(keys.pin, person.pin.salt, person.pin.hash, pin)) return 'proved';
  const failure = { ...act, device: check.device.id, replayed: isReplayed(check.correctedAt, check.receivedAt), at: now };
  const all = [...failures, failure];
  evidence.failures.set(person.id, all);
  evidence.newFailures.push({ command: check.commandId, person: person.id, failure });
  if (reachesLock(all, now, policy)) evidence.locks.set(person.id, now + policy.pin.lockMinutes * MINUTE);
  return 'wrong';
}

async function checkPasskey(check: ProofCheck, proof: Extract<Proof, { kind: 'passkey' }>, person: ResolvedPerson, evidence: Evidence): Promise<Judgement> {
  const passkey = evidence.passkeys.get(proof.credentialId);
  if (!passkey || passkey.person !== person.id) return 'wrong';
  const counter = await passkeyProves(check.actText, proof, passkey, evidence.cellOrigin);
  if (counter === null) return 'wrong';
  evidence.counters.set(proof.credentialId, Math.max(counter, evidence.counters.get(proof.credentialId) ?? 0));
  return 'proved';
}

function checkBridge(check: ProofCheck, proof: Extract<Proof, { kind: 'bridge' }>, evidence: Evidence): Judgement {
  const bridge = evidence.bridges.get(proof.bridgeId);
  // A fingerprint reader never vouches for a face.
  if (!bridge || bridge.place !== check.device.place || bridge.reader !== proof.reader) return 'wrong';
  return bridgeProves({ actText: check.actText, place: bridge.place }, proof, bridge.publicJwk, evidence.scope.keys) ? 'proved' : 'wrong';
}

async function judge(check: ProofCheck, person: ResolvedPerson, evidence: Evidence): Promise<Judgement> {
  const { proof } = check;
  switch (proof.kind) {
    case 'pin':
      return checkPin(check, proof.pin, person, evidence);
    case 'passkey':
      return checkPasskey(check, proof, person, evidence);
    case 'bridge':
      return checkBridge(check, proof, evidence);
    default:
      return unreachable(proof);
  }
}

function askedOf({ proof: { person }, device, correctedAt, receivedAt }: ProofCheck): AskedPerson {
  return {
    cell: device.cell,
    bed: 'bed' in person ? person.bed : null,
    number: 'number' in person ? person.number : null,
    at: Math.min(correctedAt, receivedAt),
  };
}

/** Whose wrong tries have to be read: whoever has some, and whoever is about to add one. */
function isSuspect(person: ResolvedPerson, proof: Proof | undefined, { keys }: CommandScope): boolean {
  if (proof?.kind !== 'pin' || !person.pin) return false;
  return person.hasFailures || !pinMatches(keys.pin, person.pin.salt, person.pin.hash, proof.pin);
}

async function gather(scope: CommandScope, checks: readonly ProofCheck[], people: readonly (ResolvedPerson | null)[], cellOrigin: string): Promise<Evidence> {
  const proofs = checks.map(({ proof }) => proof);
  // Read after the rows are locked: tries that other processes have just counted are among them.
  const suspects = people.flatMap((person, index) => (person && isSuspect(person, proofs[index], scope) ? [person.id] : []));
  return {
    scope,
    cellOrigin,
    failures: await failuresOf(scope.trx, suspects, scope.now),
    passkeys: await passkeysOf(
      scope.trx,
      proofs.flatMap((proof) => (proof.kind === 'passkey' ? [proof.credentialId] : [])),
    ),
    bridges: await bridgeKeysOf(
      scope.trx,
      proofs.flatMap((proof) => (proof.kind === 'bridge' ? [proof.bridgeId] : [])),
    ),
    newFailures: [],
    locks: new Map(),
    counters: new Map(),
  };
}

/**
 * Judges who acts, in the order of the checks: one statement for all people of the batch, more only where failures, passkeys or readers take part.
 * The verdict names the person whom the bed or the number meant at the time of the act, in the cell of the device.
 * Writes wrong PINs and locks in the same transaction. `cellOrigin` is the origin of the cell terminals; its host name is the RP id of the passkeys.
 */
export function createCheckProofs(cellOrigin: string): CheckProofs {
  return async (scope, checks) => {
    const people = await resolveAsked(scope.trx, checks.map(askedOf), scope.now);
    const evidence = await gather(scope, checks, people, cellOrigin);
    const verdicts: ProofVerdict[] = [];
    for (const [index, check] of checks.entries()) {
      const person = people[index];
      const { kind } = check.proof;
      verdicts.push(person ? { outcome: await judge(check, person, evidence), kind, person: person.id } : { outcome: 'unknown-person', kind, person: null });
    }
    await recordProofs(scope.trx, evidence);
    return verdicts;
  };
}
