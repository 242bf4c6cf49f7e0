import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { Site } from '../support/site.js';
import { endOfSlot, nextSlot, type OpenSlot, runningSlot } from './change-over.js';
import type { Clerk } from './clerk.js';
import { test } from './fixtures.js';
import type { CellTerminal } from './pages/cell-terminal.js';
import type { Console } from './pages/console.js';
import { type Words, wordsOf } from './words.js';

const FOLDER = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../packages/docs/pictures');
const LANGUAGES = ['zh-CN', 'en'] as const;
type Language = (typeof LANGUAGES)[number];
type Officer = (role: string, language: Language) => Promise<Console>;
type PageName = Parameters<Console['goTo']>[0];
/** Which officer's console shows a page. */
const DESKS: readonly (readonly [string, readonly PageName[]])[] = [
  ['control-room', ['duty', 'roster', 'night', 'rollCall', 'records', 'people']],
  ['system-admin', ['devices']],
  ['leadership', ['policy']],
  ['security-admin', ['accounts']],
  ['audit-admin', ['audit']],
];
/** Half past nine at the site: the pictures show the day. */
const MORNING_UTC = 1.5;
/** Fonts and the first reading of a page. */
const SETTLE_MS = 700;

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' });
}

async function putAside(desk: Console): Promise<void> {
  await desk.page.waitForTimeout(SETTLE_MS);
  if (await desk.alarmInFront.isVisible()) await desk.page.keyboard.press('Escape');
}

async function untilMorning(site: Site): Promise<void> {
  const morning = new Date(await site.now());
  morning.setUTCHours(Math.floor(MORNING_UTC), (MORNING_UTC % 1) * 60, 0, 0);
  if (morning.getTime() < (await site.now())) morning.setUTCDate(morning.getUTCDate() + 1);
  await site.moveTo(morning.getTime());
}

/** The wall in a language, and what a finger does on it. */
function hand(page: Page, words: Words) {
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  return {
    home: () => button(words('common', 'nav.home')).tap(),
    bed: (bed: number) => button(new RegExp(`^${words('common', 'place.bed', { bed })}`)).tap(),
    tile: (name: string) => button(name).first().tap(),
    type: async (pin: string) => {
      await page.locator('.pin-pad').waitFor();
      for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).tap();
    },
  };
}

async function signInPictures(page: Page, words: Words, { first, second }: OpenSlot, language: Language): Promise<void> {
  const { bed, type, home } = hand(page, words);
  await page.locator('button.duty').waitFor();
  await picture(page, `cell-home-${language}`);
  await page.locator('button.duty').tap();
  await page.locator('.choices').waitFor();
  await picture(page, `cell-choose-${language}`);
  await bed(first.bed);
  await type(first.pin.slice(0, 3));
  await picture(page, `cell-pin-${language}`);
  await type(first.pin.slice(3));
  await page.locator('.done [data-tone="ok"]').waitFor();
  await picture(page, `cell-done-${language}`);
  await page.locator('.done .bar button').tap();
  await type(second.pin);
  await page.locator('.done [data-tone="ok"]').waitFor();
  await home();
}

async function wallPictures(page: Page, words: Words, language: Language): Promise<void> {
  const { tile, home } = hand(page, words);
  await tile(words('cell', 'home.roster'));
  await page.locator('.roster-page').waitFor();
  await picture(page, `cell-roster-${language}`);
  await home();
  await tile(words('cell', 'mine.title'));
  await page.locator('.choices').waitFor();
  await picture(page, `cell-mine-${language}`);
  await home();
  await tile(words('common', 'nav.language'));
  await page.getByRole('button', { name: 'English' }).waitFor();
  await picture(page, `cell-language-${language}`);
  await home();
}

async function handoverPicture(page: Page, words: Words, language: Language): Promise<void> {
  await hand(page, words).tile(words('cell', 'home.handover'));
  await page.locator('.choices').waitFor();
  await picture(page, `cell-handover-${language}`);
  await hand(page, words).home();
}

async function callPicture(page: Page, words: Words, language: Language): Promise<void> {
  await page
    .getByRole('button', { name: new RegExp(words('cell', 'emergency.call')) })
    .first()
    .tap();
  await page.locator('.calling').waitFor();
  await page.waitForTimeout(5_500);
  await picture(page, `cell-calling-${language}`);
}

/** A roll call of the second cell, as its wall shows it; the console's page then has one to show. The clock ends it. */
async function rollCallPicture(page: Page, officer: Clerk, language: Language): Promise<void> {
  await officer.act('roll-call.start', { cells: ['0102'], reason: language === 'en' ? 'Spot check' : '抽查' });
  await page.locator('.choices').waitFor();
  await picture(page, `cell-roll-call-${language}`);
}

async function deskPictures(officer: Officer, language: Language): Promise<void> {
  for (const [role, pages] of DESKS) {
    const desk = await officer(role, language);
    for (const name of pages) {
      await putAside(desk);
      await desk.page.getByRole('link', { name: new RegExp(`^${desk.say('console', `nav.${name}`)}`) }).click();
      await putAside(desk);
      await picture(desk.page, `console-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-${language}`);
    }
  }
}

async function queuePictures(desk: Console, language: Language): Promise<void> {
  await putAside(desk);
  await desk.openAlarm('0101');
  await picture(desk.page, `console-alarm-${language}`);
  await desk.goTo('queue');
  await putAside(desk);
  await desk.page.keyboard.press('.');
  await desk.page.locator('.queue-row').first().click();
  await picture(desk.page, `console-queue-${language}`);
}

async function inLanguage({ page }: CellTerminal, language: Language): Promise<void> {
  const { origin } = new URL(page.url());
  await page.goto('about:blank');
  await page.goto(`${origin}/#lang=${language}`);
  await page.locator('.duty').waitFor();
}

for (const language of LANGUAGES) {
  test(`pictures in ${language}`, async ({ terminal, officer, clerk, site }) => {
    mkdirSync(FOLDER, { recursive: true });
    const words = await wordsOf(language);
    const control = await clerk('control-room');
    await untilMorning(site);
    const wall = await terminal('0101');
    const second = await terminal('0102');
    const slot = await nextSlot(site, '0101');
    const other = (await runningSlot(site, '0102')).first;
    await second.signInForDuty(other.bed, other.pin);
    await inLanguage(wall, language);
    await signInPictures(wall.page, words, slot, language);
    await wallPictures(wall.page, words, language);
    await callPicture(wall.page, words, language);
    const desk = await officer('control-room', language);
    await queuePictures(desk, language);
    await site.advance(3 * 60_000);
    await inLanguage(second, language);
    await rollCallPicture(second.page, control, language);
    await deskPictures(officer, language);
    await control.endAlarms();
    await endOfSlot(site, slot);
    await inLanguage(wall, language);
    await handoverPicture(wall.page, words, language);
    await second.page.context().setOffline(true);
    await second.page.locator('.offline').waitFor({ timeout: 45_000 });
    await picture(second.page, `cell-offline-${language}`);
  });
}
