import type { Clock, Id, Instant, Random } from '@sallyport/basics';
import type { PolicyDocument, RefusalCode, Verdict, WorkKind, WorkRow } from '@sallyport/contracts';
import type { CommandKind, CommandScope, ResolveOfficer } from './commands/kind.js';
import type { Config } from './config/index.js';
import type { Keys } from './crypto/index.js';
import type { Db } from './db/index.js';
import type { Http } from './http/index.js';
import type { Log } from './log/index.js';
import type { Query } from './queries/query.js';
import type { Realtime } from './realtime/index.js';

/** A due job as its handler sees it. `payload` is what `schedule` was given, to be parsed by the handler. */
export interface DueJob {
  readonly id: Id;
  readonly kind: string;
  readonly key: string;
  readonly dueAt: Instant;
  readonly payload: unknown;
}

/** What happens when a job of a kind falls due. It runs in the transaction that ends the job; a throw rolls back and tries later. */
export interface JobHandler {
  readonly kind: string;
  run(scope: CommandScope, job: DueJob): Promise<void>;
}

/** What an officer must give with a verdict. */
export type VerdictNeed = 'reason' | 'measure-and-result' | 'check-value';

/** A verdict that took effect, or is about to. */
export interface WorkDecision {
  readonly item: Id;
  readonly ref: Id;
  readonly verdict: Verdict;
  readonly by: { readonly id: Id; readonly name: string };
  readonly at: Instant;
  readonly reasonCode: string | null;
  readonly note: string | null;
  readonly input: Readonly<Record<string, string>>;
}

/** The one line of a work item. */
export interface WorkTitle {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
  readonly people?: WorkRow['people'];
}

/** A kind of work item. The queue knows nothing of the content: it comes from the slice that registers the kind (decision 22). */
export interface WorkKindDefinition {
  readonly kind: WorkKind;
  readonly verdicts: readonly { readonly verdict: Verdict; readonly needs: readonly VerdictNeed[]; readonly reasons: readonly string[] }[];
  /** One line per reference: key and values of the console's catalogue, and whom it is about. A reference that is gone is left out. */
  titles(db: Db, refs: readonly Id[]): Promise<ReadonlyMap<Id, WorkTitle>>;
  /** The whole content of one item for its detail page; null when it is gone. Who may see the item at all, the queue has checked. */
  content?(db: Db, ref: Id): Promise<Record<string, unknown> | null>;
  /** Asked when the verdict is given, before it is recorded: a refusal code, or null. */
  check?(scope: CommandScope, decision: WorkDecision): Promise<RefusalCode | null>;
  /** The effect, once the undo time is over. */
  apply(scope: CommandScope, decision: WorkDecision): Promise<void>;
}

/** What a feature's own HTTP routes and jobs are built with. */
export interface Services {
  readonly config: Config;
  readonly db: Db;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly keys: Keys;
  readonly realtime: Realtime;
  readonly resolveOfficer: ResolveOfficer;
  policyAt(db: Db, now: Instant): Promise<PolicyDocument>;
  /** One transaction with everything a command handler has; hints go out after the commit. */
  transact<Result>(work: (scope: CommandScope) => Promise<Result>): Promise<Result>;
}

/** One slice of the server. `app.ts` lists the features. */
export interface Feature {
  readonly commands: readonly CommandKind[];
  readonly queries: readonly Query[];
  readonly jobs: readonly JobHandler[];
  readonly workKinds?: readonly WorkKindDefinition[];
  routes?(http: Http, services: Services): void | Promise<void>;
}
