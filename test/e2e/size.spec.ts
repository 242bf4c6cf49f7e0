import { MINUTE } from '@sallyport/basics';
import type { Page } from '@playwright/test';
import { nextSlot } from './change-over.js';
import { expect, test } from './fixtures.js';

/** Panels that the terminal is made for: the 10.1" one first. */
const PANELS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const LANGUAGES = ['zh-CN', 'en', 'qps', 'qps-rtl'];
/** The usual text, and the larger one for whoever needs it. */
const TEXTS = ['', '&text=large'];
/** The larger text is tried with the longest words; the long run tries it in every language. */
const WITH_LARGER_TEXT = process.env.LONG === '1' ? LANGUAGES : ['qps'];
const LOOKS = LANGUAGES.flatMap((language) => (WITH_LARGER_TEXT.includes(language) ? TEXTS : ['']).map((text) => [language, text] as const));
/** Half a pixel of rounding is no smaller target. */
const ROUNDING_MM = 0.1;

interface Target {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly least: number;
}

/** Every target with its size in millimetres on the glass, and what the page would have to scroll. */
function measure(page: Page): Promise<{ targets: Target[]; scrolls: string[] }> {
  return page.evaluate(() => {
    const mm = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'));
    const shown = [...document.querySelectorAll<HTMLElement>('button, [role="button"], a[href], input')].filter(
      (element) => element.getClientRects().length > 0,
    );
    const targets = shown.map((element) => {
      const { width, height } = element.getBoundingClientRect();
      // Keys of a pad may be 15 mm, everything else 20 mm (ux 1.4).
      const least = element.closest('.pin-pad, .code-pad') ? 15 : 20;
      return { name: element.textContent.trim().slice(0, 30), width: width / mm, height: height / mm, least };
    });
    // Accents and descenders reach a little beyond the line; a line too many is far more.
    const glyph = mm;
    const scrolls = [document.documentElement, ...document.querySelectorAll('#root *')]
      // What only assistive technology reads has no size.
      .filter((element) => !element.classList.contains('unseen'))
      // What is pressed or framed holds its own words; elsewhere only a clipped box can lose some.
      .filter((element) => element === document.documentElement || element.matches('button, .duty') || getComputedStyle(element).overflow !== 'visible')
      .filter((element) => element.scrollHeight > element.clientHeight + glyph || element.scrollWidth > element.clientWidth + glyph)
      .map((element) => {
        const { right, bottom, left } = element.getBoundingClientRect();
        const beyond = [...element.querySelectorAll('*')].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.right > right + 1 || box.bottom > bottom + 1 || box.left < left - 1;
        });
        // What reaches out is named with its words, so that a failed run says what did not fit.
        return [element, ...beyond].map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 60)}`).join(' < ');
      });
    return { targets, scrolls };
  });
}

async function expectFits(page: Page, where: string): Promise<void> {
  const { targets, scrolls } = await measure(page);
  expect(targets.length, where).toBeGreaterThan(0);
  expect(
    targets.filter(({ width, height, least }) => Math.min(width, height) < least - ROUNDING_MM),
    `${where}: targets too small`,
  ).toEqual([]);
  expect(scrolls, `${where}: would have to scroll`).toEqual([]);
}

/** Opens the idle screen in a language, also one whose words no story can read. */
async function openIn(page: Page, origin: string, language: string, text: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${origin}/#lang=${language}${text}`);
  await expect(page.locator('.duty')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('dir', language === 'qps-rtl' ? 'rtl' : 'ltr');
  // The own font comes after the first page; the one in its place has other widths.
  await page.evaluate(() => document.fonts.ready);
}

/** The ways from the idle screen, found by what they are and not by their words. */
const WAYS: readonly (readonly [string, readonly string[]])[] = [
  ['roster', ['.tile >> nth=0']],
  ['languages', ['.screen-rail button >> nth=-1']],
  ['bed', ['button.duty']],
  ['PIN', ['button.duty', '.choice >> nth=0']],
];

for (const panel of PANELS) {
  test(`size: every target is large enough and nothing scrolls at ${panel.width}×${panel.height}`, async ({ terminal, site }) => {
    test.setTimeout(480_000);
    const wall = await terminal('0201');
    await nextSlot(site, '0201');
    await wall.page.setViewportSize(panel);
    for (const [language, text] of LOOKS) {
      await openIn(wall.page, site.origins.cell, language, text);
      await expectFits(wall.page, `home, ${language}${text}`);
      for (const [name, presses] of WAYS) {
        await openIn(wall.page, site.origins.cell, language, text);
        for (const target of presses) await wall.page.locator(target).tap();
        await expect(wall.page.locator('.duty')).toBeHidden();
        await expectFits(wall.page, `${name}, ${language}${text}`);
      }
    }
    // Who has not come after a minute is called in larger words.
    await site.advance(MINUTE);
    for (const [language, text] of LOOKS) {
      await openIn(wall.page, site.origins.cell, language, text);
      await expect(wall.page.locator('.duty[data-called]')).toBeVisible();
      await expectFits(wall.page, `called, ${language}${text}`);
    }
  });
}
