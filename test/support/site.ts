import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoFile } from '@sallyport/contracts';
import type { z } from 'zod';

const MAIN = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../apps/server/dist/main.js');
/** A first start makes a database and a demo site; on a loaded machine that takes its time. */
const START_TIMEOUT_MS = 120_000;

export type Demo = z.infer<typeof demoFile>;

export interface SiteOptions {
  readonly site?: 'county' | 'district' | 'city' | 'large';
  /** Kept between two starts of one test; a fresh folder otherwise. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A running server of a demo site, as a person would start it, on a free port and in a folder of its own. */
export interface Site {
  readonly demo: Demo;
  readonly port: number;
  readonly dataDir: string;
  readonly origins: Demo['origins'];
  /** The server's own words so far, for a failing test. */
  output(): string;
  /** Calls a path of the demo door. */
  post(host: 'cell' | 'hall' | 'console' | 'index', path: string, body: unknown): Promise<unknown>;
  /** Moves the site's clock ahead, timers included; gives the time then. */
  advance(milliseconds: number): Promise<number>;
  moveTo(instant: number): Promise<number>;
  now(): Promise<number>;
  signInUrl(role: string): Promise<string>;
  enrolment(place: string): Promise<{ code: string; url: string }>;
  /** Cuts the power of the process: SIGKILL, nothing written any more. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function readDemo(dataDir: string, startedAt: number): Promise<Demo | null> {
  try {
    const parsed = demoFile.parse(JSON.parse(await readFile(path.join(dataDir, 'demo.json'), 'utf8')));
    return statSync(path.join(dataDir, 'demo.json')).mtimeMs >= startedAt - 1_000 ? parsed : null;
  } catch {
    return null;
  }
}

async function untilReady(child: ChildProcess, dataDir: string, output: () => string): Promise<Demo> {
  const startedAt = Date.now();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}\n${output()}`);
    const demo = await readDemo(dataDir, startedAt);
    if (demo) return demo;
    if (Date.now() - startedAt > START_TIMEOUT_MS) throw new Error(`the server was not ready in ${START_TIMEOUT_MS} ms\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Starts a demo site. The caller stops it; a folder that was made here goes with it. */
export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'sp-site-'));
  const child = spawn(process.execPath, [MAIN, '--site', options.site ?? 'county'], {
    env: { ...process.env, DEMO: '1', PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => words.push(chunk.toString()));
  const output = () => words.join('').slice(-8_000);
  const demo = await untilReady(child, dataDir, output);
  const post: Site['post'] = async (host, address, body) => {
    const { hostname } = new URL(demo.origins[host]);
    return postWithHost(port, hostname, address, body);
  };
  const clock = async (body: { to: string } | { advanceMs: number }): Promise<number> =>
    Date.parse(((await post('console', '/api/demo/clock', body)) as { now: string }).now);
  return {
    demo,
    port,
    dataDir,
    origins: demo.origins,
    output,
    post,
    advance: (advanceMs) => clock({ advanceMs }),
    moveTo: (instant) => clock({ to: new Date(instant).toISOString() }),
    now: () => clock({ advanceMs: 1 }),
    signInUrl: async (role) => ((await post('console', '/api/demo/sign-in', { role })) as { signInUrl: string }).signInUrl,
    enrolment: async (place) => (await post('console', '/api/demo/enrolments', { place })) as { code: string; url: string },
    kill: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended(child);
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** POSTs JSON to the loopback address under another host name: Node does not resolve *.localhost (decision 11). */
export function postWithHost(port: number, hostname: string, address: string, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = { host: `${hostname}:${port}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const sent = request({ host: '127.0.0.1', port, path: address, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) >= 400) reject(new Error(`${address} answered ${response.statusCode}: ${answer}`));
        else resolve(answer === '' ? null : JSON.parse(answer));
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
