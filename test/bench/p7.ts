import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoEnrolmentPath } from '@sallyport/contracts';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { CHROMIUM_ARGS, systemChromium } from '../support/chromium.js';
import { freePort, postWithHost } from '../support/site.js';
import { buildBarePage } from './bare-page-build.js';
import { askDatabase, type DemoSite, startDemo, stopDemo } from './demo-site.js';
import { type Comparison, compare, line } from './rounds.js';
import type { Run, Scenario } from './scenario.js';

/** A cheap panel's processor is about four times slower than a developer's. */
const SLOW_DOWN = 4;
const PATIENCE_MS = 90_000;
const CELL = '0101';
/** What a person can press first, on both pages. */
const USABLE = '.tile';

interface Bench {
  readonly profile: string;
  readonly terminalUrl: string;
  readonly bareUrl: string;
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves a folder until it is stopped. */
async function serveFolder(folder: string): Promise<{ port: number; stop(): void }> {
  const port = await freePort();
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://x').pathname;
    const file = path.join(folder, name === '/' ? 'index.html' : path.normalize(name));
    if (!existsSync(file)) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function launch(profile: string): Promise<BrowserContext> {
  const executablePath = systemChromium();
  return chromium.launchPersistentContext(profile, {
    ...(executablePath !== undefined && { executablePath }),
    args: CHROMIUM_ARGS,
    viewport: { width: 1280, height: 800 },
    hasTouch: true,
    locale: 'zh-CN',
  });
}

/** Until the page comes out of the worker's cache: installed, in charge, and loaded once by it. */
async function untilKept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await page.locator(USABLE).first().waitFor({ timeout: PATIENCE_MS });
  const kept = await page.evaluate(() => navigator.serviceWorker.controller !== null);
  if (!kept) throw new Error('the service worker has not taken the page over');
}

async function enrolTerminal(site: DemoSite, page: Page): Promise<void> {
  const { url } = (await postWithHost(site.port, 'console.localhost', demoEnrolmentPath, { place: `cell:${CELL}` })) as { url: string };
  await page.goto(url);
  const waiting = async () => (await askDatabase(site, `select 1 from device where state = 'waiting'`)).length > 0;
  while (!(await waiting())) await page.waitForTimeout(100);
  // What the officer's comparison of the digits ends in.
  await askDatabase(site, `update device set state = 'active', confirmed_by = gen_random_uuid(), confirmed_at = now() where state = 'waiting'`);
  await page.locator(USABLE).first().waitFor({ timeout: PATIENCE_MS });
  await untilKept(page);
}

/** Fills one browser profile with both pages, then takes both servers away. */
async function prepare(profile: string, folder: string): Promise<Bench> {
  await buildBarePage(folder);
  const bare = await serveFolder(folder);
  const site = await startDemo('county');
  const context = await launch(profile);
  const bench = { profile, terminalUrl: `http://cell.localhost:${site.port}/`, bareUrl: `http://bare.localhost:${bare.port}/` };
  try {
    await enrolTerminal(site, await context.newPage());
    const page = await context.newPage();
    await page.goto(bench.bareUrl);
    await untilKept(page);
  } finally {
    await context.close();
    await stopDemo(site);
    bare.stop();
  }
  return bench;
}

/** Notes in the page when the first thing to press is there, laid out and painted. */
function watchForUsable(selector: string): void {
  const look = (): void => {
    const found = document.querySelector(selector);
    if (!found || found.getBoundingClientRect().width === 0) {
      requestAnimationFrame(look);
      return;
    }
    // After the frame that shows it.
    requestAnimationFrame(() => setTimeout(() => Object.assign(window, { usableAt: performance.now() })));
  };
  requestAnimationFrame(look);
}

/** A browser that was just started opens the page, with no server anywhere. Milliseconds until its first screen can be used. */
async function coldStart({ profile }: Bench, url: string): Promise<number> {
  const context = await launch(profile);
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
    await page.addInitScript(watchForUsable, USABLE);
    await page.goto(url, { waitUntil: 'commit' });
    const usable = await page.waitForFunction(() => (window as { usableAt?: number }).usableAt, undefined, { timeout: PATIENCE_MS });
    return (await usable.jsonValue()) ?? Number.NaN;
  } finally {
    await context.close();
  }
}

async function measure(bench: Bench, run: Run): Promise<void> {
  const comparison: Comparison = {
    name: `P7 cold start of the terminal off line, processor ${SLOW_DOWN} times slower`,
    unit: 'ms',
    moreIsBetter: false,
    goal: 1.3,
    product: () => coldStart(bench, bench.terminalUrl),
    limit: () => coldStart(bench, bench.bareUrl),
  };
  run.print(line(comparison, await compare(comparison, run.rounds)));
  run.print('  Limits: the code that is read and run before the first screen, the store that is opened, and a real screen instead of one button.');
}

/** The terminal starts with no network, against the least page of the same parts. */
export const p7: Scenario = {
  name: 'P7',
  summary: 'cold start of the terminal off line against a bare page',
  async run(run) {
    const folder = mkdtempSync(path.join(tmpdir(), 'sp-bench-page-'));
    const profile = path.join(folder, 'profile');
    try {
      await measure(await prepare(profile, path.join(folder, 'web')), run);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
