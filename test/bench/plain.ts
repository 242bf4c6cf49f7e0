import { measureAlarm } from './alarm.js';
import { firstRouteBytes } from './first-route.js';
import { Generator } from './load/generator.js';
import { median } from './rounds.js';
import type { Run, Scenario } from './scenario.js';
import { makeSite } from './site.js';
import { openSessions, singleSignIns } from './terminals.js';

/** A large house changes over: both people of 210 cells within one second. */
const STORM_CELLS = 210;
const SMOKE_STORM_CELLS = 10;
const STORM_MS = 1_000;
const STORM_GOAL_MS = 1_000;
const FIRST_ROUTE_GOAL = 170_000;

async function stormOnce(run: Run, rounds: number): Promise<number[]> {
  const each = run.smoke ? SMOKE_STORM_CELLS : STORM_CELLS;
  const site = await makeSite({ cells: each * (rounds + 1) });
  const generator = new Generator();
  const p99s: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const cells = site.cells.slice(round * each, (round + 1) * each);
      await site.seat(cells, [site.slot]);
      await generator.load(await singleSignIns(site, await openSessions(site, cells)));
      const order = { port: site.port, clients: each, mark: '"outcome":"accepted"', withinMs: STORM_MS };
      p99s.push((await generator.go(order, each * 2)).p99Ms);
    }
  } finally {
    generator.stop();
    await site.stop();
  }
  // The first storm met a server that had just begun.
  return p99s.slice(1);
}

async function storm(run: Run): Promise<void> {
  const p99s = await stormOnce(run, run.rounds);
  const middle = median(p99s);
  const range = `[${Math.min(...p99s).toFixed(0)}–${Math.max(...p99s).toFixed(0)}]`;
  run.print(
    `Change-over, ${STORM_CELLS * 2} sign-ins in one second: p99 ${middle.toFixed(0)} ms ${range}, goal < ${STORM_GOAL_MS} ms: ${middle < STORM_GOAL_MS ? 'met' : 'not met'}`,
  );
}

function firstRoute(run: Run): void {
  const { bytes, files } = firstRouteBytes();
  const kilobytes = (bytes / 1_000).toFixed(1);
  run.print(
    `JavaScript of the terminal's first route: ${kilobytes} kB gzip in ${files.length} files, goal ≤ ${FIRST_ROUTE_GOAL / 1_000} kB: ${bytes <= FIRST_ROUTE_GOAL ? 'met' : 'not met'}`,
  );
}

/** Figures that stand for themselves: there is no peer to hold them against. */
export const plain: Scenario = {
  name: 'PLAIN',
  summary: 'alarm in time, change-over storm, size of the first route',
  async run(run) {
    firstRoute(run);
    await measureAlarm(run);
    await storm(run);
  },
};
