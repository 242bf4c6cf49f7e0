import type { IncomingHttpHeaders } from 'node:http';
import type { Id, Instant, Random } from '@sallyport/basics';
import type { BodyOf, CommandContract, PolicyDocument, Post, Proof, ProofKind, RefusalCode, ResultOf, Topic } from '@sallyport/contracts';
import type { Permission } from '@sallyport/domain';
import type { Keys } from '../crypto/index.js';
import type { Trx } from '../db/index.js';

/** A signed-in officer as the door saw them when the command arrived. */
export interface OfficerActor {
  readonly kind: 'officer';
  readonly id: Id;
  readonly name: string;
  readonly sessionId: Id;
  readonly posts: readonly Post[];
  readonly steppedUpUntil: Instant | null;
  /** Idle for too long: nothing but the alarm strip is answered. Left out means not locked. */
  readonly locked?: boolean;
}

/** Who sent a request with these headers: null for nobody. Given by the access feature; it also notes the touch that keeps a session awake. */
export type ResolveOfficer = (request: { readonly headers: IncomingHttpHeaders }) => Promise<OfficerActor | null>;

/** An enrolled device as the database knows it inside the transaction. */
export interface DeviceActor {
  readonly kind: 'device';
  readonly id: Id;
  readonly place: string;
  /** The cell of the place; null outside the cells. */
  readonly cell: string | null;
  readonly state: 'waiting' | 'active' | 'revoked' | 'refused';
  /** The signature could not be verified. Only an emergency call is taken then, marked. */
  readonly unproved?: boolean;
}
export type Actor = OfficerActor | DeviceActor;

/** What became of the person's proof; the door checks it before the handler runs. */
export type ProofVerdict =
  | { readonly outcome: 'proved'; readonly kind: ProofKind; readonly person: Id }
  | { readonly outcome: 'wrong' | 'locked' | 'unknown-person' | 'missing'; readonly kind: ProofKind | null; readonly person: Id | null };

/** A proof that came with a command, for the person feature to judge. */
export interface ProofCheck {
  readonly commandId: Id;
  readonly kind: string;
  readonly proof: Proof;
  readonly device: DeviceActor;
  /** What a passkey or a bridge signed the SHA-256 of. */
  readonly actText: string;
  readonly correctedAt: Instant;
  readonly receivedAt: Instant;
}

/** Judges the proofs of a batch with set-based SQL, in their order; counts failures and locks in the same transaction. */
export type CheckProofs = (scope: CommandScope, checks: readonly ProofCheck[]) => Promise<readonly ProofVerdict[]>;

/** One command as a handler sees it: checked envelope, checked body, known actor, settled times (decision 19). */
export interface Incoming<Body> {
  readonly id: Id;
  readonly kind: string;
  readonly body: Body;
  readonly actor: Actor;
  readonly proof: ProofVerdict | null;
  /** What the maker's clock said. */
  readonly claimedAt: Instant;
  /** The server's clock when it arrived. */
  readonly receivedAt: Instant;
  /** Server sample + monotonic difference where the device has both since the same boot; else the claim, with `skewMs` null. */
  readonly correctedAt: Instant;
  /** Claimed minus corrected, in ms; null when it cannot be known. */
  readonly skewMs: number | null;
}

export type Handled<Result> =
  | { readonly outcome: 'accepted'; readonly result: Result }
  | { readonly outcome: 'refused'; readonly code: RefusalCode; readonly message: string; readonly details?: Record<string, unknown> };

export function accepted<Result>(result: Result): Handled<Result> {
  return { outcome: 'accepted', result };
}
export function refused(code: RefusalCode, message: string, details?: Record<string, unknown>): Handled<never> {
  return { outcome: 'refused', code, message, ...(details ? { details } : {}) };
}

/** What the audit says about a command, beside id, kind, actor, times and outcome, which the door adds. Never a PIN, a seal or words meant for medical staff. */
export interface AuditSubject {
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly cell?: string | null;
  readonly reason?: string | null;
  readonly detail?: Record<string, unknown>;
}

/** A hint to whoever watches: rooms are derived from topic and cell. */
export interface Hint {
  readonly topic: Topic;
  readonly cell: string | null;
}

/** What a handler may touch. Everything it writes commits with the outcome, the audit record and the hints, or not at all. */
export interface CommandScope {
  readonly trx: Trx;
  /** The server's clock, read once for the batch. */
  readonly now: Instant;
  readonly policy: PolicyDocument;
  readonly random: Random;
  readonly keys: Keys;
  newId(): Id;
  hint(hint: Hint): void;
  /** Ends the sockets of a device, session or officer after the commit. */
  disconnect(client: Client): void;
}

/** Whose sockets end when access does. */
export interface Client {
  readonly kind: 'device' | 'session' | 'officer';
  readonly id: Id;
}

/**
 * Who may send a kind.
 * `permission`: an officer whose posts hold it, within the blocks of `cellOf(body)` where that is a cell. `stepUp` left out: as the access table says.
 * `device`: an active device; `states` widens it (an emergency call is taken from a revoked device too, marked).
 */
export type Access<Body> =
  | { readonly by: 'officer'; readonly permission: Permission; readonly cellOf?: (body: Body) => string | readonly string[] | null; readonly stepUp?: boolean }
  | { readonly by: 'device'; readonly states?: readonly DeviceActor['state'][] };

/**
 * A command kind of the server. Without access and audit it does not compile.
 * `handle` gets every command of the kind that waits at the moment and answers in the same order, with set-based SQL: no statement per command.
 * It refuses by value; what it throws rolls the transaction back and the door finds the one at fault.
 */
export interface CommandKind<Contract extends CommandContract = CommandContract> {
  readonly contract: Contract;
  readonly access: Access<BodyOf<Contract>>;
  audit(incoming: Incoming<BodyOf<Contract>>, handled: Handled<ResultOf<Contract>>): AuditSubject;
  /** For results with a secret, such as a one-time code: what rests in the database, and how a repeated command gets the whole result again. */
  readonly secret?: {
    stored(result: ResultOf<Contract>): Record<string, unknown>;
    restored(keys: Keys, commandId: Id, stored: Record<string, unknown>): ResultOf<Contract>;
  };
  handle(scope: CommandScope, commands: readonly Incoming<BodyOf<Contract>>[]): Promise<readonly Handled<ResultOf<Contract>>[]>;
}

/** Keeps body and result types while the registry holds kinds of every shape. */
export function commandKind<Contract extends CommandContract>(kind: CommandKind<Contract>): CommandKind {
  return kind as unknown as CommandKind;
}

/** For kinds where commands of one batch must see one another's effect: one after the other, each with its own statements. */
export function oneByOne<Body, Result>(handle: (scope: CommandScope, command: Incoming<Body>) => Promise<Handled<Result>>) {
  return async (scope: CommandScope, commands: readonly Incoming<Body>[]): Promise<readonly Handled<Result>[]> => {
    const answers: Handled<Result>[] = [];
    for (const command of commands) answers.push(await handle(scope, command));
    return answers;
  };
}
