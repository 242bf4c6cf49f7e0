import { newId, type Random } from '@sallyport/basics';
import { seeded, shuffled } from '@sallyport/domain';

/** Chance from a text. Each part of a run draws from a stream of its own, so that one more draw here changes nothing there. */
export class Chance {
  readonly #name: string;
  readonly #draw: () => number;

  constructor(name: string) {
    this.#name = name;
    this.#draw = seeded(name);
  }

  /** A stream of its own. */
  fork(name: string | number): Chance {
    return new Chance(`${this.#name}/${name}`);
  }

  /** In [0, 1). */
  fraction(): number {
    return this.#draw();
  }

  happens(probability: number): boolean {
    return this.#draw() < probability;
  }

  /** A whole number from `least` up to and including `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#draw() * (most - least + 1));
  }

  one<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.between(0, values.length - 1)] as Value;
  }

  shuffled<Value>(values: readonly Value[]): Value[] {
    return shuffled(values, this.#draw);
  }

  /** An id of this stream, made at a moment. */
  id(at: number): string {
    return newId({ now: () => at }, this.random());
  }

  /** As the port of the product. */
  random(): Random {
    return {
      bytes: (array) => {
        for (let index = 0; index < array.length; index += 1) array[index] = Math.floor(this.#draw() * 256);
        return array;
      },
    };
  }
}
