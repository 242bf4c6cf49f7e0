import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Screens that were found good in this run: the same screen is not looked at again. */
const seen = new Set<string>();

/** What makes a screen the one it is: app, page, language, look and heading; numbers and times in it do not count. */
function screenOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { lang, dir, dataset } = document.documentElement;
    const words = [...document.querySelectorAll('h1, h2, [role="dialog"], .duty, .done, .lead')].map(
      ({ className, textContent }) => `${className}:${textContent}`,
    );
    return [location.host, location.pathname, lang, dir, dataset['theme'], dataset['device'], ...words].join('|').replaceAll(/[\d:]+/g, '#');
  });
}

/** Runs axe over the page as it stands: WCAG 2.0 to 2.2, A and AA. Every page object calls it on arrival. */
export async function expectAccessible(page: Page): Promise<void> {
  const screen = await screenOf(page);
  if (seen.has(screen)) return;
  const builder = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  // React Aria's announcer names a pending button by its id for seven seconds, also when the page has moved on and the button is gone.
  const { violations } = await builder.exclude('[data-live-announcer]').analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`).join(' | ')}`),
  ).toEqual([]);
  seen.add(screen);
}

/** The page is set in the font that it brings along, and not in whatever the machine has. */
export async function expectOwnFont(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => [...document.fonts].some(({ family, status }) => family.includes('Noto Sans SC') && status === 'loaded')))
    .toBe(true);
}
