// How one step of the test run is started and counted.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../apps/server/bin/prepare.mjs';

export const RESULTS = path.join(ROOT, 'test-results');
const bin = (name) => path.join(ROOT, 'node_modules', name);

/** What a step counted. */
export const counted = (passed, failed, skipped = 0) => ({ passed, failed, skipped });
export const PASSED = counted(1, 0);
export const FAILED = counted(0, 1);

/** Runs a program with its output on the terminal. @returns whether it ended well. */
export function succeeds(command, args, env = {}) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  return status === 0;
}

export const node = (script, args, env) => succeeds(process.execPath, [bin(script), ...args], env);

function report(name) {
  const file = path.join(RESULTS, `${name}.json`);
  mkdirSync(RESULTS, { recursive: true });
  rmSync(file, { force: true });
  return { file, read: () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined) };
}

/** A runner that fails without a failed test (a file that does not load, a crash) still counts as one failure. */
function honest(well, result) {
  return well || result.failed > 0 ? result : { ...result, failed: 1 };
}

/** Runs one project of vitest. */
export function vitest(project, env = {}, name = project) {
  const { file, read } = report(name);
  const well = node('vitest/vitest.mjs', ['run', '--project', project, '--reporter', 'default', '--reporter', 'json', '--outputFile.json', file], env);
  const result = read();
  if (!result) return FAILED;
  return honest(well, counted(result.numPassedTests, result.numFailedTests, result.numPendingTests + result.numTodoTests));
}

/** Runs the browser stories. */
export function playwright(env = {}) {
  const { file, read } = report('browser');
  const args = ['test', '--config', 'test/playwright.config.ts', '--reporter', 'list,json'];
  const well = node('@playwright/test/cli.js', args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const stats = read()?.stats;
  return stats ? honest(well, counted(stats.expected + stats.flaky, stats.unexpected, stats.skipped)) : FAILED;
}

/** Runs a program of our own and takes its last line "N passed, N failed"; without one the program counts as one test. */
export function program(script, args = []) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, script), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      tail = (tail + chunk.toString('utf8')).slice(-4_000);
    });
    child.on('error', () => resolve(FAILED));
    child.on('close', (code) => {
      const said = [...tail.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
      resolve(honest(code === 0, said ? counted(Number(said[1]), Number(said[2])) : code === 0 ? PASSED : FAILED));
    });
  });
}
