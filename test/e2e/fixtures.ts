import { type Browser, type BrowserContext, type Page, test as base } from '@playwright/test';
import { type Site, startSite } from '../support/site.js';
import { Clerk } from './clerk.js';
import { CellTerminal } from './pages/cell-terminal.js';
import { Console } from './pages/console.js';

/** The cell panel the terminal is drawn for first (10.1", 1280×800). */
export const CELL_PANEL = { width: 1280, height: 800 };
export const DESK = { width: 1456, height: 819 };

interface World {
  /** One demo site for all stories of a file, started as a person would start it. */
  readonly site: Site;
}
interface People {
  /** An enrolled and confirmed terminal of a cell, in a browser profile of its own. */
  readonly terminal: (cell: string, language?: 'zh-CN' | 'en') => Promise<CellTerminal>;
  /** An officer of a role at a console of their own. */
  readonly officer: (role: string, language?: 'zh-CN' | 'en') => Promise<Console>;
  /** An officer without a browser, for what the story does not tell. */
  readonly clerk: (role: string) => Promise<Clerk>;
}

/** A verdict takes effect when its ten seconds to take it back are over. */
export const UNDO_MS = 11_000;
/** Both rounds of a roll call are over after this, by the policy of the demonstration. */
const ROLL_CALL_MS = 15 * 60_000;

/** A browser profile of a wall panel. */
export async function touchContext(browser: Browser, language = 'zh-CN', viewport = CELL_PANEL): Promise<BrowserContext> {
  return browser.newContext({ viewport, hasTouch: true, locale: language, timezoneId: 'UTC' });
}

export const test = base.extend<People, World>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameter's shape.
    async ({}, use) => {
      const site = await startSite();
      await use(site);
      await site.stop();
    },
    { scope: 'worker', timeout: 150_000 },
  ],
  clerk: async ({ site }, use) => use((role) => Clerk.signIn(site, role)),
  officer: async ({ browser, site }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (role, language = 'zh-CN') => {
      const context = await browser.newContext({ viewport: DESK, locale: language, timezoneId: 'UTC' });
      contexts.push(context);
      return Console.signIn(await watched(context), await site.signInUrl(role), language);
    });
    for (const context of contexts) await context.close();
  },
  terminal: async ({ browser, site, clerk }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (cell, language = 'zh-CN') => {
      const context = await touchContext(browser, language);
      contexts.push(context);
      const { url } = await site.enrolment(`cell:${cell}`);
      const terminal = await CellTerminal.enrol(await watched(context), url);
      await (await clerk('system-admin')).confirmDevice(cell, await terminal.checkValue());
      await site.advance(UNDO_MS);
      await terminal.whenInService();
      // A scheduled roll call takes the idle screen; a story that is not about it begins when it is over.
      if (await terminal.inRollCall()) await site.advance(ROLL_CALL_MS);
      await terminal.arriveHome();
      return terminal;
    });
    for (const context of contexts) await context.close();
    if (contexts.length === 0) return;
    await (await clerk('system-admin')).emptyPlaces();
    await (await clerk('control-room')).endAlarms();
  },
});

/** A page whose every uncaught error and refused content-policy load fails the story. */
export async function watched(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) throw new Error(message.text());
  });
  return page;
}

export { expect } from '@playwright/test';
