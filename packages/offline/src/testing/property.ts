import fc from 'fast-check';
import { test as plain } from 'vitest';

/** Property tests in the shape of a test: the shrunk counter-example and its seed are in the failure. */
export const test = {
  prop:
    <Values extends [unknown, ...unknown[]]>(arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> }, options: { numRuns: number }) =>
    (name: string, check: (...values: Values) => Promise<void>): void =>
      plain(name, { timeout: 60_000 }, () => fc.assert(fc.asyncProperty(...arbitraries, check), options)),
};
export { fc };
