import { type Clock, newId, type Random } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import type { Keys } from '../crypto/index.js';
import type { Db, Trx } from '../db/index.js';
import { appendChanges } from '../realtime/changes.js';
import type { Realtime } from '../realtime/realtime.js';
import type { Client, CommandScope, Hint } from './kind.js';

/** What every transaction of the server is made with. */
export interface TransactionContext {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: Keys;
  readonly realtime: Realtime;
  policyAt(db: Db, now: number): Promise<PolicyDocument>;
}

/** What goes out once the transaction has committed. */
export interface Effects {
  readonly hints: Map<string, Hint>;
  readonly clients: Client[];
}

export interface OpenScope {
  readonly scope: CommandScope;
  readonly effects: Effects;
}

/** The scope of an open transaction. Its hints are written by `writeHints` and go out by `release`. */
export async function openScope(context: TransactionContext, trx: Trx): Promise<OpenScope> {
  const now = context.clock.now();
  const policy = await context.policyAt(trx, now);
  const effects: Effects = { hints: new Map(), clients: [] };
  const { random, keys } = context;
  const scope: CommandScope = {
    trx,
    now,
    policy,
    random,
    keys,
    newId: () => newId({ now: () => now }, random),
    hint: (hint) => void effects.hints.set(`${hint.topic} ${hint.cell ?? ''}`, hint),
    disconnect: (client) => void effects.clients.push(client),
  };
  return { scope, effects };
}

/** Writes the hints into the feed; the position to catch up to, or null when there are none. */
export async function writeHints({ scope, effects }: OpenScope): Promise<string | null> {
  return effects.hints.size === 0 ? null : appendChanges(scope.trx, scope.now, [...effects.hints.values()]);
}

/** After the commit: tells the open screens. */
export function release(realtime: Realtime, effects: Effects, cursor: string | null): void {
  for (const client of effects.clients) realtime.disconnect(client);
  if (cursor !== null) realtime.publish([...effects.hints.values()], cursor);
}

/** One transaction with everything a command handler has, for jobs and routes that are no commands. */
export async function transact<Result>(context: TransactionContext, work: (scope: CommandScope) => Promise<Result>): Promise<Result> {
  const { result, effects, cursor } = await context.db.transaction().execute(async (trx) => {
    const opened = await openScope(context, trx);
    const result = await work(opened.scope);
    return { result, effects: opened.effects, cursor: await writeHints(opened) };
  });
  release(context.realtime, effects, cursor);
  return result;
}

/** What a job runner wants: the work in its own transaction, and what to tell after the commit. */
export type ScopedWork<Job> = (trx: Trx, job: Job) => Promise<() => void>;

/** Gives a job the scope of a command handler, in the transaction that also ends the job. */
export function scopedJob<Job>(context: TransactionContext, run: (scope: CommandScope, job: Job) => Promise<void>): ScopedWork<Job> {
  return async (trx, job) => {
    const opened = await openScope(context, trx);
    await run(opened.scope, job);
    const cursor = await writeHints(opened);
    return () => release(context.realtime, opened.effects, cursor);
  };
}
