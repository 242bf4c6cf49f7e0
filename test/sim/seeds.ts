import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAULT_KINDS, type FaultKind } from './faults.js';
import { runSeed, type SeedResult } from './run-seed.js';
import { TEMPLATE_VARIABLE } from './setup.js';
import type { Template } from './template.js';

/** How many processes share the seeds. */
const SHARES = 2;
const DEFAULT_SEEDS = 60;
/** Findings told of a seed; more of the same help nobody. */
const SHOWN = 12;

/** Seeds that failed once. */
function keptSeeds(): number[] {
  if (process.env['SIM_KEPT'] === '0') return [];
  return JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8')) as number[];
}

/** The seeds of this run: one that was asked for, else those that failed once and then the first N. */
function seedsOf(env: NodeJS.ProcessEnv): number[] {
  if (env['SIM_SEED']) return [Number(env['SIM_SEED'])];
  const count = Number(env['SIM_SEEDS'] ?? DEFAULT_SEEDS);
  const first = Number(env['SIM_FROM'] ?? 1);
  const fresh = Array.from({ length: count }, (_, index) => first + index);
  return [...keptSeeds().filter((seed) => !fresh.includes(seed)), ...fresh];
}

function forcedFaults(env: NodeJS.ProcessEnv): FaultKind[] | undefined {
  const names = env['SIM_FAULTS']?.split(',').filter((name) => name !== '');
  return names && FAULT_KINDS.filter((kind) => names.includes(kind));
}

/** What a person needs to look into a failing seed. */
function report({ seed, faults, findings, events }: SeedResult): string {
  const lines = findings.slice(0, SHOWN).map(({ rule, what }) => `  ${rule}: ${what}`);
  return [
    `seed ${seed} with ${faults.join(', ')}: ${findings.length} findings`,
    ...lines,
    ...events.map((event) => `  ${event}`),
    `  again: npm run sim -- --seed ${seed}`,
  ].join('\n');
}

/** Declares a test for each seed of one share. */
export function runShare(share: number): void {
  const template = JSON.parse(process.env[TEMPLATE_VARIABLE] ?? '') as Template;
  const seeds = seedsOf(process.env).filter((_, index) => index % SHARES === share);
  for (const seed of seeds) {
    test(`seed ${seed}`, async () => {
      const result = await runSeed(seed, template, forcedFaults(process.env));
      expect(result.findings.length, report(result)).toBe(0);
      expect(result.accepted, 'a run in which nothing happens proves nothing').toBeGreaterThan(template.terminals.length);
    });
  }
  // Fewer seeds than shares leave a share with nothing to try, which is no failure.
  if (seeds.length === 0) test('no seed falls to this share', () => expect(seeds).toEqual([]));
}
