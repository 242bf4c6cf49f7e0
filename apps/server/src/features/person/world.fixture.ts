import { type Id, type Instant, newId, type Random } from '@sallyport/basics';
import { defaultPolicy, type PolicyDocument } from '@sallyport/contracts';
import type { Client, CommandScope, Hint } from '../../platform/commands/kind.js';
import { temporaryKeys } from '../../platform/crypto/index.js';
import type { Trx } from '../../platform/db/index.js';
import { createTestDatabase, type TestDatabase } from '../../platform/db/testing.js';

/** A database of its own with a clock that tests set and chance that repeats. */
export interface World extends TestDatabase {
  now: Instant;
  policy: PolicyDocument;
  readonly random: Random;
  readonly keys: ReturnType<typeof temporaryKeys>;
  readonly hints: Hint[];
  readonly disconnected: Client[];
  newId(): Id;
  scope(trx: Trx): CommandScope;
  /** One transaction with the scope of a command handler. */
  transact<Result>(work: (scope: CommandScope) => Promise<Result>): Promise<Result>;
}

/** Noon of a Sunday at the site. */
export const START: Instant = Date.parse('2026-11-22T04:00:00.000Z');

function countingRandom(): Random {
  let state = 1;
  return {
    bytes(array) {
      for (let index = 0; index < array.length; index += 1) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        array[index] = state >>> 24;
      }
      return array;
    },
  };
}

export async function createWorld(): Promise<World> {
  const database = await createTestDatabase();
  const random = countingRandom();
  const world: World = {
    ...database,
    now: START,
    policy: defaultPolicy,
    random,
    keys: temporaryKeys(),
    hints: [],
    disconnected: [],
    newId: () => newId({ now: () => world.now }, random),
    scope: (trx) => ({
      trx,
      now: world.now,
      policy: world.policy,
      random,
      keys: world.keys,
      newId: () => world.newId(),
      hint: (hint) => void world.hints.push(hint),
      disconnect: (client) => void world.disconnected.push(client),
    }),
    transact: (work) => database.db.transaction().execute((trx) => work(world.scope(trx))),
  };
  return world;
}
