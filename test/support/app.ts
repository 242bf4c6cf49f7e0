import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, type Instant, newId, type Random } from '@sallyport/basics';
import type { CommandOutcome } from '@sallyport/contracts';
import { type App, buildApp } from '../../apps/server/src/app.js';
import { readConfig } from '../../apps/server/src/platform/config/index.js';
import { temporaryKeys } from '../../apps/server/src/platform/crypto/index.js';
import { createTestDatabase } from '../../apps/server/src/platform/db/testing.js';
import { createSiteClock } from '../../apps/server/src/platform/jobs/index.js';
import { createLog } from '../../apps/server/src/platform/log/index.js';
import { createMetrics } from '../../apps/server/src/platform/metrics/index.js';

/** The whole server in this process, on a database of its own, with a clock that the test moves. Nothing listens: requests are injected. */
export interface TestApp {
  readonly app: App;
  readonly db: Awaited<ReturnType<typeof createTestDatabase>>['db'];
  readonly dataDir: string;
  now(): Instant;
  advance(milliseconds: number): void;
  /** A browser on the console: keeps its cookie between calls. */
  console(): TestConsole;
  drop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

export interface TestConsole {
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(url: string): Promise<Answer>;
  /** Sends one command of an officer and gives its outcome. */
  command(kind: string, body: Record<string, unknown>, id?: string): Promise<CommandOutcome>;
  readonly cookie: string | undefined;
}

export const CONSOLE_ORIGIN = 'http://console.localhost:8080';
export const CELL_ORIGIN = 'http://cell.localhost:8080';
const random: Random = { bytes: (array) => randomFillSync(array) };

function consoleOf(app: App, now: () => Instant): TestConsole {
  let cookie: string | undefined;
  const send = async (method: 'GET' | 'POST', url: string, body: unknown, headers: Record<string, string>): Promise<Answer> => {
    const host = { host: 'console.localhost:8080', ...(cookie !== undefined && { cookie }) };
    const origin = method === 'POST' ? { origin: CONSOLE_ORIGIN } : {};
    const answer = await app.http.inject({ method, url, headers: { ...host, ...origin, ...headers }, ...(method === 'POST' && { payload: body as object }) });
    const given = answer.headers['set-cookie'];
    if (typeof given === 'string') cookie = given.includes('Max-Age=0') ? undefined : given.split(';')[0];
    return { status: answer.statusCode, json: answer.json() as Record<string, unknown> };
  };
  return {
    post: (url, body, headers = {}) => send('POST', url, body, headers),
    get: (url) => send('GET', url, undefined, {}),
    command: async (kind, body, id = newId({ now }, random)) => {
      const envelope = { id, kind, version: 1, madeAt: new Date(now()).toISOString(), body };
      const { json, status } = await send('POST', `/api/commands/${kind}`, envelope, {});
      if (status !== 200) throw new Error(`${kind} was answered with ${status}: ${JSON.stringify(json)}`);
      return json as unknown as CommandOutcome;
    },
    get cookie() {
      return cookie;
    },
  };
}

/** Starts the server in this process; `demo` seeds the smallest demo site. */
export async function createTestApp(options: { readonly demo?: boolean; readonly start?: Instant } = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sallyport-app-'));
  let now = options.start ?? Date.parse('2026-11-22T04:00:00.000Z');
  const system: Clock = { now: () => now, monotonic: () => now };
  const clock = await createSiteClock(database.db, system);
  const config = readConfig({ DATA_DIR: dataDir, ...(options.demo && { DEMO: '1' }) });
  const context = { config, log: createLog('silent'), metrics: createMetrics(), keys: temporaryKeys(), clock, random, db: database.db, pool: database.pool };
  const app = await buildApp(context);
  await app.http.ready();
  return {
    app,
    db: database.db,
    dataDir,
    now: () => clock.now(),
    advance: (milliseconds) => void (now += milliseconds),
    console: () => consoleOf(app, () => clock.now()),
    drop: async () => {
      await app.stop();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
