import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { freePort } from '../support/site.js';
import type { Arrival, Arriving, Fleet } from './load/terminals.js';
import type { FleetTold } from './load/terminals-child.js';
import { type Running, start } from './processes.js';
import { HERE } from './root.js';
import { judge, line, median } from './rounds.js';
import type { Run, Scenario } from './scenario.js';
import { type BenchSite, makeSite } from './site.js';
import { openSessions } from './terminals.js';

/** With the requests that catch up each terminal takes two of the 20,000 files that a process may have open. */
const TERMINALS = 5_000;
const SMOKE_TERMINALS = 50;
const AT_ONCE = 200;
/** Connected before anything is counted, so that code and pools that are there once are not counted as a terminal's. */
const WARM_UP_SHARE = 0.04;
const KIB = 1_024;

const P4 = { name: 'P4 terminals connected, proved and caught up', unit: '/s', moreIsBetter: true, goal: 0.7 };
const P5 = { name: 'P5 memory per connected terminal', unit: 'KiB', moreIsBetter: false, goal: 1.3 };

interface Figures {
  readonly rate: number;
  readonly kibEach: number;
  readonly heapKibEach: number;
  readonly stallMs: number;
  readonly p99Ms: number;
}

/** The terminals' own process, which keeps them connected until it is stopped. */
class FleetProcess {
  readonly #child: ChildProcess = fork(path.join(HERE, 'load/terminals-child.js'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

  arrive(fleet: Fleet): Promise<Arrival> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (told: FleetTold) => ('arrived' in told ? resolve(told.arrived) : reject(new Error(told.failed))));
      this.#child.send(fleet);
    });
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

async function measure(server: Running, fleet: Fleet): Promise<Figures> {
  const first = Math.ceil(fleet.terminals.length * WARM_UP_SHARE);
  const process = new FleetProcess();
  try {
    await process.arrive({ ...fleet, terminals: fleet.terminals.slice(0, first) });
    const before = await server.probe();
    const counted = fleet.terminals.slice(first);
    const { seconds, p99Ms } = await process.arrive({ ...fleet, terminals: counted });
    const after = await server.probe();
    const each = (bytes: number) => bytes / KIB / counted.length;
    return {
      rate: counted.length / seconds,
      kibEach: each(after.rssBytes - before.rssBytes),
      heapKibEach: each(after.heapBytes - before.heapBytes),
      stallMs: after.stallMs,
      p99Ms,
    };
  } finally {
    process.stop();
  }
}

/** A fresh server each time, as after a restart: memory that an earlier round left behind would hide what a terminal takes. */
async function productRound(site: BenchSite): Promise<Figures> {
  const sessions = await openSessions(site, site.cells);
  await site.server().stop();
  await site.restart();
  const { rows } = await site.db.query<{ cursor: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as cursor');
  const cursor = rows[0]?.cursor ?? null;
  return measure(site.server(), { port: site.port, host: site.cellHost, atOnce: AT_ONCE, cursor, terminals: sessions.map(({ token }) => ({ token })) });
}

async function bareRound(count: number): Promise<Figures> {
  const port = await freePort();
  const peer = await start({ program: 'test/dist/bench/peer/sockets.js', env: { PORT: String(port) }, ready: 'peer ready' });
  const terminals = Array.from({ length: count }, (): Arriving => ({ token: null }));
  try {
    return await measure(peer, { port, host: `127.0.0.1:${port}`, atOnce: AT_ONCE, cursor: null, terminals });
  } finally {
    await peer.kill();
  }
}

interface Pair {
  readonly product: Figures;
  readonly limit: Figures;
}

function report(run: Run, pairs: readonly Pair[]): void {
  const of = (figure: keyof Figures) => pairs.map(({ product, limit }) => ({ product: product[figure], limit: limit[figure] }));
  run.print(line(P4, judge(P4, of('rate'))));
  const worst = (side: keyof Pair, figure: keyof Figures) => Math.max(...pairs.map((pair) => pair[side][figure])).toFixed(0);
  run.print(
    `  longest event-loop stall ${worst('product', 'stallMs')} ms (bare ${worst('limit', 'stallMs')} ms), p99 of one terminal ${worst('product', 'p99Ms')} ms`,
  );
  run.print(line(P5, judge(P5, of('kibEach'))));
  const heap = median(pairs.map(({ product }) => product.heapKibEach));
  const bareHeap = median(pairs.map(({ limit }) => limit.heapKibEach));
  run.print(`  of it on the JavaScript heap: ${heap.toFixed(1)} KiB (bare ${bareHeap.toFixed(1)} KiB)`);
  run.print('  Limits: clients and server share the CPU; each terminal costs two reads of the database, its row and its changes.');
}

/** A server that was restarted gets all its terminals back; how fast, and what each takes of its memory. */
export const p4: Scenario = {
  name: 'P4',
  summary: 'reconnect of all terminals, and P5 memory per terminal, against bare Socket.IO',
  async run(run) {
    const count = run.smoke ? SMOKE_TERMINALS : TERMINALS;
    const site = await makeSite({ cells: count });
    try {
      const pairs: Pair[] = [];
      for (let round = 0; round < run.rounds; round += 1) {
        const limitFirst = round % 2 === 0 ? await bareRound(count) : null;
        const product = await productRound(site);
        pairs.push({ product, limit: limitFirst ?? (await bareRound(count)) });
      }
      report(run, pairs);
    } finally {
      await site.stop();
    }
  },
};
