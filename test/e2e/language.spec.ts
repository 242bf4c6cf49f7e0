import { loadCatalogue, type Namespace } from '@sallyport/i18n';
import type { Locator, Page, Request } from '@playwright/test';
import { nextSlot } from './change-over.js';
import { expect, test } from './fixtures.js';
import { wordsOf } from './words.js';

const NAMESPACES: readonly Namespace[] = ['common', 'cell', 'console', 'refusal'];
const HAN = /[\u3400-\u9fff]/u;
/** What may be Chinese on an English page: masked names and languages, which are called by their own name. */
const OWN_NAMES = /[\u3400-\u9fff]{1,2}\*{1,2}[\u3400-\u9fff]?|简体中文|中文/gu;

/** Fields of an answer that hold what a person wrote: it stays as it was written, whatever the language of the page. */
const WRITTEN = new Set(['measure', 'result', 'note', 'comment', 'reason']);

/** Every text of an answer that a person wrote. */
function writtenIn(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([field, value]) => (typeof value === 'string' ? (WRITTEN.has(field) ? [value] : []) : writtenIn(value)));
}

interface Listener {
  /** What people wrote in every answer so far. */
  written(): Promise<string[]>;
  /** Waits until the page has every answer it asked for. */
  quiet(): Promise<void>;
}

/** Collects what people wrote from every answer that a page gets, because other stories of the same site have written too. */
function listen(page: Page): Listener {
  const answers: Promise<unknown>[] = [];
  const asked = new Set<Request>();
  const isQuestion = (request: Request) => request.url().includes('/api/');
  page.on('request', (request) => {
    if (isQuestion(request)) asked.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed'] as const) page.on(end as 'requestfinished', (request) => void asked.delete(request));
  page.on('response', (response) => {
    // An answer that the page let go of when it changed shows nothing.
    if (isQuestion(response.request())) answers.push(response.json().catch(() => null));
  });
  return {
    written: async () => (await Promise.all(answers)).flatMap(writtenIn),
    quiet: () => expect.poll(() => asked.size).toBe(0),
  };
}

const longestFirst = (words: readonly string[]): string[] => words.filter((word) => word !== '').toSorted((a, b) => b.length - a.length);

/** Every word that a page shows or says: texts, and the labels that only assistive technology reads. */
async function wordsOn(root: Locator): Promise<string[]> {
  return root.evaluate((element) => {
    const spoken = [...element.querySelectorAll('[aria-label],[title],[placeholder]')].flatMap((one) =>
      ['aria-label', 'title', 'placeholder'].map((name) => one.getAttribute(name) ?? ''),
    );
    return [...(element as HTMLElement).innerText.split('\n'), ...spoken].map((line) => line.trim()).filter((line) => line !== '');
  });
}

/** Lines that are Chinese, or the key of a text instead of the text. */
async function leftovers(lines: readonly string[], names: readonly string[]): Promise<string[]> {
  const roots = new Set((await Promise.all(NAMESPACES.map((namespace) => loadCatalogue('en', namespace)))).flatMap((catalogue) => Object.keys(catalogue)));
  const isKey = (word: string) => /^(?:\w+:)?[a-zA-Z]+(?:\.[\w-]+)+$/.test(word) && roots.has(word.split(':').at(-1)?.split('.')[0] ?? '');
  const found = lines.filter((line) => {
    const bare = names.reduce((text, name) => text.replaceAll(name, ''), line.replaceAll(OWN_NAMES, ''));
    return HAN.test(bare) || bare.split(/\s+/).some(isKey);
  });
  return [...new Set(found)];
}

const DESKS = {
  'control-room': ['queue', 'duty', 'roster', 'night', 'rollCall', 'records', 'people'],
  'security-admin': ['devices', 'policy', 'accounts'],
} as const;

test('I18N: every page of the console is English where English is chosen, names apart', async ({ officer, clerk }) => {
  const { officers } = await (await clerk('security-admin')).read<{ officers: { name: string }[] }>('/api/officers');
  const { site: house } = (await (await clerk('leadership')).read<{ document: { site: { name: string } } }>('/api/policy')).document;
  const names = [house.name, ...officers.map(({ name }) => name), ...officers.map(({ name }) => name.slice(0, 1))];
  const found: Record<string, string[]> = {};
  for (const [role, pages] of Object.entries(DESKS)) {
    const desk = await officer(role, 'en');
    const heard = listen(desk.page);
    // What the page had before it was listened to comes again.
    await desk.page.reload();
    for (const page of pages) {
      await desk.page.getByRole('link', { name: new RegExp(`^${desk.say('console', `nav.${page}`)}`) }).click();
      await expect(desk.page.getByRole('heading', { level: 1 })).toHaveText(/\w/);
      await heard.quiet();
      // Words first, then what people wrote: the answers that fed the page have come by then.
      const words = await wordsOn(desk.page.locator('body'));
      const lines = await leftovers(words, longestFirst([...names, ...(await heard.written())]));
      if (lines.length > 0) found[page] = lines;
    }
  }
  expect(found).toEqual({});
});

test('I18N: every page of the wall is English where English is chosen', async ({ terminal, site }) => {
  const wall = await terminal('0202');
  const { first } = await nextSlot(site, '0202');
  await wall.openDuty(first.bed);
  await wall.goHome();
  const en = await wordsOf('en');
  await wall.press(wall.say('common', 'nav.language'));
  await wall.press('English');
  const { page } = wall;
  const home = page.getByRole('button', { name: en('common', 'nav.home') });
  await home
    .or(page.getByRole('button', { name: en('cell', 'home.roster') }))
    .first()
    .waitFor();
  if (await home.isVisible()) await home.tap();
  const found: Record<string, string[]> = {};
  const look = async (where: string): Promise<void> => {
    const lines = await leftovers(await wordsOn(page.locator('body')), []);
    if (lines.length > 0) found[where] = lines;
  };
  await page.getByRole('button', { name: en('cell', 'home.roster') }).waitFor();
  await look('home');
  const bed = page.getByRole('button', { name: new RegExp(`^${en('common', 'place.bed', { bed: first.bed })}`) });
  await page.getByRole('button', { name: new RegExp(`${en('cell', 'duty.signIn')}$`) }).tap();
  await bed.waitFor();
  await look('duty');
  await bed.tap();
  await page.locator('.pin-pad').waitFor();
  await look('pin');
  for (const digit of first.pin) await page.getByRole('button', { name: digit, exact: true }).tap();
  await page.locator('.done').waitFor();
  await look('done');
  for (const [tile, there] of [
    [en('cell', 'home.roster'), '.roster-page'],
    [en('cell', 'mine.title'), '.choices'],
    [en('cell', 'passkey.title'), '.choices'],
  ] as const) {
    await home.tap();
    await page.getByRole('button', { name: tile }).tap();
    await page.locator(there).waitFor();
    await look(tile);
  }
  await page.getByRole('button', { name: en('common', 'nav.language') }).tap();
  await look('language');
  await home.tap();
  await page
    .getByRole('button', { name: new RegExp(en('cell', 'emergency.call')) })
    .first()
    .tap();
  await page.locator('.calling').waitFor();
  await look('call');
  expect(found).toEqual({});
});
