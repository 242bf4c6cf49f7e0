import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { MUTANTS, misfit, type Mutant } from '../bin/mutant-list.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The quick form asks for as many seeds as a mutant usually lives. */
const QUICK_SEEDS = 8;

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly failureMessages: readonly string[] }[] }[];
}

const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-mutants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the seeds against the mutated product until one fails. @returns what the failing tests said. */
async function tryMutant({ name, faults, seeds }: Mutant): Promise<{ ran: number; said: string[] }> {
  const file = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.json`);
  const args = ['run', '--project', 'sim', 'share-', '--bail', '1', '--reporter', 'json', '--outputFile', file];
  const quick = process.env['SIM_QUICK'] ? Math.min(seeds, QUICK_SEEDS) : seeds;
  const env = { ...process.env, SIM_MUTANT: name, SIM_FAULTS: faults.join(','), SIM_SEEDS: String(quick), SIM_KEPT: '0' };
  const child = spawn(process.execPath, [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: ROOT, env, stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return { ran: report.numTotalTests, said: results.filter(({ status }) => status === 'failed').flatMap(({ failureMessages }) => failureMessages) };
}

test.each(MUTANTS)('$name', async (mutant) => {
  expect(misfit(mutant), 'the mutant no longer fits the source').toBeNull();
  const { ran, said } = await tryMutant(mutant);
  expect(ran, 'the mutated product does not even load').toBeGreaterThan(0);
  const told = said.join('\n');
  expect(told, 'the mutant survives').toMatch(/seed \d+ with .*: \d+ findings/);
  const noticed = mutant.rules.flatMap((rule) => new RegExp(`^ +${rule}: .*`, 'm').exec(told) ?? []);
  expect(noticed.length, `noticed for another reason:\n${told.slice(0, 1_500)}`).toBeGreaterThan(0);
  process.stdout.write(`  noticed: ${noticed[0]?.trim().slice(0, 160)}\n`);
});
