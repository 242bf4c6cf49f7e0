import type { Hint } from '../commands/kind.js';
import { roomsOf } from './rooms.js';

/** A hint on its way to some rooms. */
export interface Delivery {
  readonly hint: Hint;
  readonly cursor: string;
  readonly rooms: readonly string[];
}

/** Cells of one topic in one flush beyond which a console hears "many", once, and not of each. */
const MANY_CELLS = 16;

/** Hints of a moment, each topic and cell once; what concerns many cells goes to consoles as one hint without a cell. */
export class Coalescer {
  readonly #waiting = new Map<string, { hint: Hint; cursor: string }>();

  add(hints: readonly Hint[], cursor: string): void {
    for (const hint of hints) this.#waiting.set(`${hint.topic} ${hint.cell ?? ''}`, { hint, cursor });
  }

  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  /** What to send now; nothing waits afterwards. */
  take(): Delivery[] {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    const counts = new Map<string, number>();
    for (const { hint } of waiting) counts.set(hint.topic, (counts.get(hint.topic) ?? 0) + 1);
    const many = (hint: Hint) => hint.cell !== null && (counts.get(hint.topic) ?? 0) > MANY_CELLS;
    const deliveries: Delivery[] = waiting.map(({ hint, cursor }) => {
      const { terminals, consoles } = roomsOf(hint);
      return { hint, cursor, rooms: many(hint) ? terminals : [...terminals, ...consoles] };
    });
    const summed = new Map(waiting.filter(({ hint }) => many(hint)).map(({ hint, cursor }) => [hint.topic, cursor]));
    for (const [topic, cursor] of summed) {
      const hint: Hint = { topic, cell: null };
      deliveries.push({ hint, cursor, rooms: roomsOf(hint).consoles });
    }
    return deliveries.filter(({ rooms }) => rooms.length > 0);
  }
}
