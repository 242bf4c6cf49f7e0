import { expect, type Locator, type Page } from '@playwright/test';
import { type Language, type Words, wordsOf } from '../words.js';
import { expectAccessible } from './accessible.js';

/** The terminal on a cell's wall, used with one finger. */
export class CellTerminal {
  private constructor(
    readonly page: Page,
    readonly say: Words,
  ) {}

  /** Opens the address of an enrolment; arrives at the check value. */
  static async enrol(page: Page, url: string, language: Language = 'zh-CN'): Promise<CellTerminal> {
    const terminal = new CellTerminal(page, await wordsOf(language));
    await page.goto(url);
    await expect(terminal.#checkValue).toBeVisible();
    await expectAccessible(page);
    return terminal;
  }

  /** A terminal that is there already, e.g. after a new start of the browser. */
  static async at(page: Page, language: Language = 'zh-CN'): Promise<CellTerminal> {
    return new CellTerminal(page, await wordsOf(language));
  }

  get #checkValue(): Locator {
    return this.page.getByRole('img', { name: new RegExp(this.say('common', 'check.label')) });
  }

  async checkValue(): Promise<string> {
    return ((await this.#checkValue.getAttribute('aria-label')) ?? '').replace(/\D/g, '');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  get callBar(): Locator {
    return this.button(new RegExp(this.say('cell', 'emergency.call'))).first();
  }

  /** An officer has let the terminal in: the bar for help is there, whatever else the idle screen shows. */
  async whenInService(): Promise<void> {
    await expect(this.#checkValue).toBeHidden();
    await expect(this.callBar).toBeVisible();
  }

  inRollCall(): Promise<boolean> {
    return this.page.getByText(this.say('cell', 'rollCall.title')).first().isVisible();
  }

  async arriveHome(): Promise<void> {
    await expect(this.button(this.say('cell', 'home.roster'))).toBeVisible();
    await expect(this.callBar).toBeVisible();
    await expectAccessible(this.page);
  }

  async press(name: string | RegExp): Promise<void> {
    await this.button(name).first().tap();
  }

  async typePin(pin: string): Promise<void> {
    for (const digit of pin) await this.page.getByRole('button', { name: digit, exact: true }).tap();
  }

  /** A text of the terminal's own catalogue, as it stands on the screen. */
  async expectText(key: string, values?: Readonly<Record<string, string | number>>, timeout = 15_000): Promise<void> {
    await expect(this.page.getByText(this.say('cell', key, values)).first()).toBeVisible({ timeout });
  }

  /** Back to the idle screen by the rail, as a person would; a screen that nobody touches has gone there by itself. */
  async goHome(): Promise<void> {
    const home = this.button(this.say('common', 'nav.home')).first();
    if (await home.isVisible()) await home.tap();
    await this.arriveHome();
  }

  /** Turns a page of a list and says whether there was one. */
  async #turns(way: 'nav.nextPage' | 'nav.previousPage'): Promise<boolean> {
    const turn = this.button(this.say('common', way));
    if (!(await turn.isVisible()) || (await turn.isDisabled())) return false;
    await turn.tap();
    return true;
  }

  /** Turns the pages of a list of beds until this one is on it; says whether it is on any. */
  async showsBed(bed: number): Promise<boolean> {
    const wanted = this.button(new RegExp(`^${this.say('common', 'place.bed', { bed })}`));
    await expect(this.page.locator('.choices')).toBeVisible();
    if (await wanted.isVisible()) return true;
    while (await this.#turns('nav.previousPage'));
    while (!(await wanted.isVisible())) if (!(await this.#turns('nav.nextPage'))) return false;
    return true;
  }

  /** A list of beds offers this one, or does so no longer: the terminal hears of a change a moment after it was made. */
  async expectBed(bed: number, offered: boolean): Promise<void> {
    await expect.poll(() => this.showsBed(bed), { message: `bed ${bed} is${offered ? '' : ' not'} offered` }).toBe(offered);
  }

  /** Chooses the own bed from all of the cell. */
  async chooseBed(bed: number): Promise<void> {
    await this.expectBed(bed, true);
    await this.press(new RegExp(`^${this.say('common', 'place.bed', { bed })}`));
  }

  /** Waits until the banner asks the people of these beds to sign in: below its headline it may name the people of another slot. */
  async awaitSlot(...beds: readonly number[]): Promise<void> {
    const who = this.page.locator('button.duty[data-open] .who');
    for (const bed of beds) await expect(who).toHaveText(new RegExp(`(?<!\\d)${this.say('common', 'place.bed', { bed })}`));
  }

  /** Opens the sign-in of the slot in which the person of this bed serves. */
  async openDuty(bed: number): Promise<void> {
    // The clock of the site may just have moved: until the banner names this slot's people it still opens the slot before.
    await this.awaitSlot(bed);
    await this.press(new RegExp(`${this.say('cell', 'duty.signIn')}$`));
  }

  /** Signs in for the open slot: duty tile, own bed, own PIN. */
  async signInForDuty(bed: number, pin: string): Promise<void> {
    await this.openDuty(bed);
    await expectAccessible(this.page);
    await this.press(new RegExp(`^${this.say('common', 'place.bed', { bed })}`));
    await expectAccessible(this.page);
    await this.typePin(pin);
  }
}
