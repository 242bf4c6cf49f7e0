/** Next number in [0, 1) of a sequence that its seed repeats. */
export type Draw = () => number;

/**
 * A repeatable sequence of numbers in [0, 1) from a text: FNV-1a for the seed, mulberry32 for the sequence.
 * Enough for fair shares and prompt times; never for secrets.
 */
export function seeded(text: string): Draw {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The values in an order that the draw decides (Fisher and Yates). */
export function shuffled<Value>(values: readonly Value[], draw: Draw): Value[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(draw() * (last + 1));
    [result[last], result[other]] = [result[other] as Value, result[last] as Value];
  }
  return result;
}
