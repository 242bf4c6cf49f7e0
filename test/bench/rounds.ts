/** One figure taken of the product and of what it is held against, in turn, in the same run. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  /** True where more is better (per second); false where less is (ms, bytes). */
  readonly moreIsBetter: boolean;
  /** The ratio product / limit that the plan asks for. */
  readonly goal: number;
  product(): Promise<number>;
  limit(): Promise<number>;
}

export interface Verdict {
  readonly name: string;
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  readonly product: number;
  readonly limit: number;
  readonly met: boolean;
  /** Set when the limit itself varied too much for the ratio to mean anything. */
  readonly unusable: string | null;
}

/** Five pairs show a median and a spread; fewer show only luck. */
export const ROUNDS = 5;
/** When the limit itself swings by more, the machine was busy with something else and the ratio means nothing. */
export const MOST_SPREAD = 2;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Turns pairs of figures into a verdict. */
export function judge(comparison: Pick<Comparison, 'name' | 'moreIsBetter' | 'goal'>, pairs: readonly { product: number; limit: number }[]): Verdict {
  const ratios = pairs.map(({ product, limit }) => product / limit);
  const limits = pairs.map(({ limit }) => limit);
  const spread = Math.max(...limits) / Math.min(...limits);
  const middle = median(ratios);
  return {
    name: comparison.name,
    ratio: { median: middle, min: Math.min(...ratios), max: Math.max(...ratios) },
    product: median(pairs.map(({ product }) => product)),
    limit: median(limits),
    met: comparison.moreIsBetter ? middle >= comparison.goal : middle <= comparison.goal,
    unusable: spread > MOST_SPREAD ? `the limit itself varied by ${spread.toFixed(1)} times` : null,
  };
}

/** Runs product and limit in turn, the one that begins changing each round, after one round that does not count. */
export async function compare(comparison: Comparison, rounds = ROUNDS): Promise<Verdict> {
  await comparison.limit();
  await comparison.product();
  const pairs: { product: number; limit: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const limit = await comparison.limit();
      pairs.push({ limit, product: await comparison.product() });
    } else {
      const product = await comparison.product();
      pairs.push({ product, limit: await comparison.limit() });
    }
  }
  return judge(comparison, pairs);
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** One line of a report. */
export function line(comparison: Pick<Comparison, 'name' | 'unit' | 'goal' | 'moreIsBetter'>, verdict: Verdict): string {
  const goal = `goal ${comparison.moreIsBetter ? '≥' : '≤'} ${comparison.goal}`;
  const ratio = `${verdict.ratio.median.toFixed(2)} [${verdict.ratio.min.toFixed(2)}–${verdict.ratio.max.toFixed(2)}]`;
  const outcome = verdict.unusable ?? (verdict.met ? 'met' : 'not met');
  return `${comparison.name}: ratio ${ratio}, ${goal}: ${outcome} (product ${figure(verdict.product)} ${comparison.unit}, limit ${figure(verdict.limit)} ${comparison.unit})`;
}
