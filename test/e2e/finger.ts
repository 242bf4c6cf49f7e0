import type { CDPSession, Locator, Page } from '@playwright/test';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A finger on the glass, by the browser's own touch input: what the panel's controller would send. */
export class Finger {
  private constructor(private readonly session: CDPSession) {}

  static async on(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly (Point & { readonly id: number })[]): Promise<void> {
    await this.session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(({ x, y, id }) => ({ x, y, id })) });
  }

  /** Down, smeared by so many pixels, up. */
  async smear(at: Point, by: Point): Promise<void> {
    await this.#send('touchStart', [{ ...at, id: 0 }]);
    for (const part of [0.25, 0.5, 0.75, 1]) await this.#send('touchMove', [{ x: at.x + by.x * part, y: at.y + by.y * part, id: 0 }]);
    await this.#send('touchEnd', []);
  }

  tap(at: Point): Promise<void> {
    return this.smear(at, { x: 0, y: 0 });
  }

  /** A palm rests at one place while a finger taps another. */
  async tapBesidePalm(at: Point, palm: Point): Promise<void> {
    await this.#send('touchStart', [{ ...palm, id: 1 }]);
    await this.#send('touchStart', [
      { ...palm, id: 1 },
      { ...at, id: 0 },
    ]);
    await this.#send('touchEnd', [{ ...palm, id: 1 }]);
    await this.#send('touchEnd', []);
  }
}

/** The middle of a target. @throws when it is not on the screen. */
export async function middleOf(target: Locator): Promise<Point> {
  const box = await target.boundingBox();
  if (!box) throw new Error('the target is not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
