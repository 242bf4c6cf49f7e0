import { Generator } from './load/generator.js';
import { median } from './rounds.js';
import type { Run, Scenario } from './scenario.js';
import { type BenchSite, makeSite } from './site.js';
import { openSessions, singleSignIns } from './terminals.js';

const CLIENTS = 200;
const GOAL_SECONDS = 5;
const FULL_CELLS = 1_500;
const SMOKE_CELLS = 60;
/** Under way for so long before the server is killed: every lane is at work. */
const UNDER_LOAD_MS = 1_500;
const SMOKE_UNDER_LOAD_MS = 50;
const MOST_ROUNDS = 3;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Kills the server under load and starts it again at once. Gives the seconds from the kill to the first sign-in acknowledged after it. */
async function killOnce(site: BenchSite, generator: Generator, cells: BenchSite['cells'], afterMs: number): Promise<number> {
  await site.seat(cells, [site.slot]);
  await generator.load(await singleSignIns(site, await openSessions(site, cells)));
  // Every sign-in is accepted in the end, those too whose first answer was lost.
  const load = generator.go({ port: site.port, clients: CLIENTS, mark: '"outcome":"accepted"', endure: true }, cells.length * 2);
  await pause(afterMs);
  const killedAt = Date.now();
  await site.server().kill();
  const first = generator.first();
  await site.restart();
  const seconds = ((await first) - killedAt) / 1_000;
  await load;
  return seconds;
}

/** Every acknowledged sign-in is there once, whatever was answered twice. */
async function assertOnce(site: BenchSite, expected: number): Promise<void> {
  const { rows } = await site.db.query<{ rows: number; seats: number }>(
    'select count(*)::int as rows, count(distinct (slot, person))::int as seats from duty_sign_in',
  );
  const [counted] = rows;
  if (counted?.rows !== expected || counted.seats !== expected) throw new Error(`${expected} were accepted, ${JSON.stringify(counted)} are there`);
}

async function measure(run: Run, site: BenchSite, generator: Generator, each: number, rounds: number): Promise<void> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const cells = site.cells.slice(round * each, (round + 1) * each);
    seconds.push(await killOnce(site, generator, cells, run.smoke ? SMOKE_UNDER_LOAD_MS : UNDER_LOAD_MS));
  }
  await assertOnce(site, rounds * each * 2);
  const middle = median(seconds);
  const range = `[${Math.min(...seconds).toFixed(1)}–${Math.max(...seconds).toFixed(1)}]`;
  const verdict = middle <= GOAL_SECONDS ? 'met' : 'not met';
  run.print(`P9 kill -9 under load to the first acknowledged sign-in: ${middle.toFixed(1)} s ${range}, goal ≤ ${GOAL_SECONDS} s: ${verdict}`);
  run.print('  Every acknowledged sign-in is there once. Limits: starting Node, stopping the database that was left alone and its recovery.');
}

/** The server is killed under the load of P1 and started again. */
export const p9: Scenario = {
  name: 'P9',
  summary: 'kill -9 under load to the first acknowledgement',
  async run(run) {
    const each = run.smoke ? SMOKE_CELLS : FULL_CELLS;
    const rounds = Math.min(run.rounds, MOST_ROUNDS);
    const site = await makeSite({ cells: rounds * each });
    const generator = new Generator();
    try {
      await measure(run, site, generator, each, rounds);
    } finally {
      generator.stop();
      await site.stop();
    }
  },
};
