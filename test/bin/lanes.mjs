// Steps of a test run that go side by side: each lane is a run of its own, and what it says is told line by line under its name.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../apps/server/bin/prepare.mjs';
import { counted } from './steps.mjs';

/** How a run tells the result of a step, and how a lane's is read. */
export function summaryLine(name, { passed, failed, skipped }, seconds) {
  return `  ${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)`;
}
const SUMMARY = /^ {2}(.+): (\d+) passed, (\d+) failed(?:, (\d+) skipped)? \((\d+) s\)$/;

const running = new Set();
// A lane has a process group of its own, so that its runners and their databases end with the run however it ends.
process.once('exit', () => {
  for (const { pid } of running) {
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      // It has ended meanwhile.
    }
  }
});

/** Runs the named steps one after the other in a process of their own. @returns what each counted and its seconds, by the step's name. */
export function lane(keys, options) {
  return new Promise((resolve) => {
    const args = [path.join(ROOT, 'test/bin/run.mjs'), ...keys, ...options];
    const child = spawn(process.execPath, args, { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const results = new Map();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        const told = SUMMARY.exec(line);
        if (told) results.set(told[1], { ...counted(Number(told[2]), Number(told[3]), Number(told[4] ?? 0)), seconds: Number(told[5]) });
        else if (line !== '') console.log(`${keys.at(-1)} │ ${line}`);
      });
    }
    child.once('error', () => resolve(results));
    child.once('close', () => {
      running.delete(child);
      resolve(results);
    });
  });
}
