import path from 'node:path';
import { newId } from '@sallyport/basics';
import { nodeRandom } from '@sallyport/offline/node';
import { freePort } from '../support/site.js';
import { cpuOf } from './cpu.js';
import { Generator, type PreparedRequest } from './load/generator.js';
import { type SiteCell, seedOutage } from './people.js';
import { type Running, start } from './processes.js';
import { type Comparison, compare, line, median } from './rounds.js';
import type { Run, Scenario } from './scenario.js';
import { type BenchSite, makeSite, nightBefore } from './site.js';
import { openSessions, replayedSignIns, singleSignIns } from './terminals.js';

const CLIENTS = 200;
/** Sign-ins that a batch holds: both people in the five slots of a night without a line. */
const IN_A_BATCH = 10;
const FULL = { cellsSingle: 1_000, cellsBatch: 400, bareRows: 8_000 };
const SMOKE = { cellsSingle: 20, cellsBatch: 5, bareRows: 100 };
const ACCEPTED = '"outcome":"accepted"';

interface Bench {
  readonly site: BenchSite;
  readonly peer: Running;
  readonly generator: Generator;
  readonly barePort: number;
  readonly sizes: typeof FULL;
  /** Cells that no round has used. */
  take(count: number): SiteCell[];
}

async function startPeer(databaseUrl: string): Promise<{ peer: Running; barePort: number }> {
  const barePort = await freePort();
  const env = { PORT: String(barePort), BENCH_DATABASE: databaseUrl };
  return { barePort, peer: await start({ program: 'test/dist/bench/peer/fastify.js', env, ready: 'peer ready' }) };
}

function bareRequests(count: number, port: number): PreparedRequest[] {
  const id = () => newId({ now: Date.now }, nodeRandom);
  return Array.from({ length: count }, () => ({
    path: '/sign-in',
    headers: { host: `127.0.0.1:${port}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: id(), person: id(), cell: '0101', slot: '2026-11-22T12:00', at: new Date().toISOString() }),
  }));
}

/** What the last round of one side was like, beside its rate. */
interface Seen {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time per thing done: of the server's process, and of the database with all its sessions. */
  readonly serverMs: number;
  readonly databaseMs: number;
}

async function rate(bench: Bench, side: { name: string; server: Running; port: number; mark: string }, expected: number, seen: Seen[]): Promise<number> {
  const { site, generator } = bench;
  const server = () => cpuOf(side.server.child.pid);
  const folder = process.env['BENCH_PROFILE'];
  const endProfile = folder ? await side.server.profile(path.join(folder, `${side.name}-${seen.length}.cpuprofile`)) : () => undefined;
  const before = { server: server(), database: site.databaseCpu() };
  const { seconds, p50Ms, p99Ms } = await generator.go({ port: side.port, clients: CLIENTS, mark: side.mark }, expected);
  endProfile();
  seen.push({ p50Ms, p99Ms, serverMs: (server() - before.server) / expected, databaseMs: (site.databaseCpu() - before.database) / expected });
  return expected / seconds;
}

/** Inserts per second of the bare server. */
async function bareRate(bench: Bench, seen: Seen[]): Promise<number> {
  const { generator, barePort, sizes, peer } = bench;
  await generator.load(bareRequests(sizes.bareRows, barePort));
  return rate(bench, { name: 'bare', server: peer, port: barePort, mark: '"done":true' }, sizes.bareRows, seen);
}

async function signInRate(bench: Bench, name: string, requests: readonly PreparedRequest[], expected: number, seen: Seen[]): Promise<number> {
  await bench.generator.load(requests);
  return rate(bench, { name, server: bench.site.server(), port: bench.site.port, mark: ACCEPTED }, expected, seen);
}

async function oneByOne(bench: Bench, seen: Seen[]): Promise<number> {
  const { site, sizes } = bench;
  const cells = bench.take(sizes.cellsSingle);
  await site.seat(cells, [site.slot]);
  return signInRate(bench, 'single', await singleSignIns(site, await openSessions(site, cells)), cells.length * 2, seen);
}

async function inBatches(bench: Bench, seen: Seen[]): Promise<number> {
  const { site, sizes } = bench;
  const cells = bench.take(sizes.cellsBatch);
  const slots = nightBefore(site.slot);
  await site.seat(cells, slots);
  await seedOutage(site.db, cells, slots, site.now());
  return signInRate(bench, 'batches', await replayedSignIns(site, await openSessions(site, cells), slots), cells.length * IN_A_BATCH, seen);
}

function words(name: string, seen: readonly Seen[]): string {
  const of = (figure: keyof Seen) => median(seen.map((one) => one[figure]));
  const cpu = `CPU each: server ${of('serverMs').toFixed(2)} ms, database ${of('databaseMs').toFixed(2)} ms`;
  return `  ${name}: ${cpu}; p50 ${of('p50Ms').toFixed(0)} ms, p99 ${of('p99Ms').toFixed(0)} ms per request`;
}

/** How many sign-ins shared one transaction, on average over the whole run. */
async function perTransaction({ db }: BenchSite): Promise<number> {
  const { rows } = await db.query<{ each: number }>(
    `select (count(*)::float8 / greatest(1, count(distinct xid::text)))::float8 as each from audit_record where action = 'duty.sign-in'`,
  );
  return rows[0]?.each ?? Number.NaN;
}

async function measure(bench: Bench, run: Run): Promise<void> {
  const variants = [
    { name: `P1 sign-ins at ${CLIENTS} clients, one by one`, goal: 0.7, product: oneByOne },
    { name: `P1 sign-ins at ${CLIENTS} clients, in batches of ${IN_A_BATCH} after a night off line`, goal: 1.5, product: inBatches },
  ];
  for (const { name, goal, product } of variants) {
    const seen: { readonly product: Seen[]; readonly limit: Seen[] } = { product: [], limit: [] };
    const comparison: Comparison = {
      name,
      unit: '/s',
      moreIsBetter: true,
      goal,
      product: () => product(bench, seen.product),
      limit: () => bareRate(bench, seen.limit),
    };
    run.print(line(comparison, await compare(comparison, run.rounds)));
    run.print(words('sign-in', seen.product));
    run.print(words('bare insert', seen.limit));
    run.print(`  sign-ins per transaction so far: ${(await perTransaction(bench.site)).toFixed(1)}`);
  }
}

/** Sign-ins with proof, seal, signature, audit and event, against one bare INSERT per request on the same PostgreSQL. */
export const p1: Scenario = {
  name: 'P1',
  summary: 'sign-ins per second against bare Fastify with one INSERT',
  async run(run) {
    const sizes = run.smoke ? SMOKE : FULL;
    const rounds = run.rounds + 1;
    const site = await makeSite({ cells: rounds * (sizes.cellsSingle + sizes.cellsBatch) });
    const { peer, barePort } = await startPeer(site.databaseUrl);
    const generator = new Generator();
    let used = 0;
    const take = (count: number) => site.cells.slice(used, (used += count));
    try {
      await measure({ site, peer, generator, barePort, sizes, take }, run);
      run.print(
        '  Limits: the processors that server, database and load share; in the server the check of the signature and the opening of the seal come first.',
      );
    } finally {
      generator.stop();
      await peer.stop();
      await site.stop();
    }
  },
};
