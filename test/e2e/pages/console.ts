import { expect, type Locator, type Page } from '@playwright/test';
import { type Language, type Words, wordsOf } from '../words.js';
import { expectAccessible, expectOwnFont } from './accessible.js';

/** An officer's console. */
export class Console {
  private constructor(
    readonly page: Page,
    readonly say: Words,
  ) {}

  /** Opens a one-time sign-in address; arrives at the first page the officer may see. */
  static async signIn(page: Page, url: string, language: Language = 'zh-CN'): Promise<Console> {
    const console = new Console(page, await wordsOf(language));
    // An alarm that nobody has stands in front of everything; a story that is about something else puts it aside.
    await page.addLocatorHandler(console.alarmInFront, async () => {
      await page.keyboard.press('Escape');
    });
    await page.goto(url);
    await expect(console.page.getByRole('navigation', { name: console.say('common', 'nav.main') })).toBeVisible();
    await expectOwnFont(page);
    await expectAccessible(page);
    return console;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Goes to a page by its name in the rail and checks it on arrival. */
  async goTo(page: 'queue' | 'duty' | 'roster' | 'night' | 'rollCall' | 'records' | 'people' | 'devices' | 'policy' | 'accounts' | 'audit'): Promise<void> {
    const link = this.page.getByRole('link', { name: new RegExp(`^${this.say('console', `nav.${page}`)}`) });
    const path = (await link.getAttribute('href')) ?? '/';
    // An alarm that comes in front in that very moment takes the press: then it is pressed again, as a person would.
    await expect(async () => {
      await link.click();
      await this.page.waitForURL(({ pathname }) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`)), { timeout: 3_000 });
    }).toPass();
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(this.page);
  }

  /** Types the six digits that the terminal shows and lets it in. The console does not show them itself. */
  async confirmDevice(cell: string, checkValue: string): Promise<void> {
    await this.goTo('queue');
    await this.page
      .getByRole('button', { name: new RegExp(`${cell}.*${this.say('console', 'kind.device-enrolment')}`) })
      .first()
      .click();
    await this.decide('approve');
    await this.page.getByRole('textbox', { name: this.say('console', 'decide.checkValue') }).fill(checkValue);
    await this.confirmVerdict('approve');
  }

  /** Presses the button of a verdict on the open item. */
  async decide(verdict: 'approve' | 'return' | 'refuse' | 'end'): Promise<void> {
    await this.button(new RegExp(`^${this.say('console', `verdict.${verdict}`)}`)).click();
  }

  /** Sends a verdict that asked for something first. */
  async confirmVerdict(verdict: 'approve' | 'return' | 'refuse' | 'end'): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: this.say('console', `verdict.${verdict}`) }).click();
    await expect(dialog).toBeHidden();
  }

  /** Opens the alarm of a cell from the duty board, where it stands among those that need a person. */
  async openAlarm(cell: string): Promise<void> {
    await this.goTo('duty');
    await this.page
      .getByRole('complementary', { name: this.say('console', 'board.needsAction') })
      .getByRole('link', { name: new RegExp(cell) })
      .first()
      .click();
    await expect(this.page.getByRole('heading', { level: 1, name: new RegExp(cell) })).toBeVisible();
    await expectAccessible(this.page);
  }

  /** Opens a waiting item of a kind in a cell: the first, or the one that is meant. */
  async openItem(cell: string, kind: string, id?: string): Promise<void> {
    await this.goTo('queue');
    const rows = this.page.getByRole('button', { name: new RegExp(`${cell}.*${this.say('console', `kind.${kind}`)}`) });
    await (id === undefined ? rows.first() : rows.and(this.page.locator(`#work-${id}`))).click();
    await expect(this.page.getByRole('region', { name: this.say('console', `kind.${kind}`) })).toBeVisible();
    await expectAccessible(this.page);
  }

  /** Chooses one of a list that opens by its label. */
  async choose(within: Locator, label: string, option: string | RegExp): Promise<void> {
    await within.getByRole('button', { name: new RegExp(label) }).click();
    await this.page.getByRole('option', { name: option }).first().click();
  }

  /** Chooses one of a long list by typing. */
  async find(within: Locator, label: string, text: string): Promise<void> {
    await within.getByRole('combobox', { name: label }).fill(text);
    await this.page
      .getByRole('option', { name: new RegExp(text) })
      .first()
      .click();
  }

  async expectText(key: string, values?: Readonly<Record<string, string | number>>): Promise<void> {
    await expect(this.page.getByText(this.say('console', key, values)).first()).toBeVisible();
  }

  /** The alarm that comes in front of whatever the officer does. */
  get alarmInFront(): Locator {
    return this.page.getByRole('alertdialog').filter({ has: this.button(new RegExp(this.say('console', 'alert.later'))) });
  }

  get alarmStrip(): Locator {
    return this.page.getByRole('banner', { name: this.say('common', 'alarm.region') });
  }
}
