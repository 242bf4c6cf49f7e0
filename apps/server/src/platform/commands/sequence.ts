/** A run of numbers, both ends included. */
export type Span = readonly [from: number, to: number];

/** How far a device has come in one generation, and what never arrived below that. */
export interface Progress {
  readonly high: number;
  readonly missing: readonly Span[];
}

export interface Noted extends Progress {
  /** Gaps that this batch made visible. */
  readonly noticed: readonly Span[];
  /** Whether a number arrived that had been missing. */
  readonly filled: boolean;
}

/** A device whose numbers have more holes than this is broken or hostile; further holes are joined into the last one. */
const SPAN_LIMIT = 200;

function without(spans: readonly Span[], seq: number): Span[] {
  return spans.flatMap(([from, to]): Span[] => {
    if (seq < from || seq > to) return [[from, to]];
    const parts: Span[] = [];
    if (from < seq) parts.push([from, seq - 1]);
    if (seq < to) parts.push([seq + 1, to]);
    return parts;
  });
}

/** Joins what is too much at the newer end, so that the list stays small and nothing missing is forgotten. */
function bounded(spans: readonly Span[]): readonly Span[] {
  const first = spans[SPAN_LIMIT - 1];
  const last = spans.at(-1);
  return spans.length <= SPAN_LIMIT || !first || !last ? spans : [...spans.slice(0, SPAN_LIMIT - 1), [first[0], last[1]]];
}

/** The progress after some numbers arrived, in whatever order. */
export function noteNumbers(progress: Progress, numbers: readonly number[]): Noted {
  let { high } = progress;
  let missing: readonly Span[] = progress.missing;
  const fresh: Span[] = [];
  for (const seq of [...numbers].sort((a, b) => a - b)) {
    if (seq > high) {
      if (seq > high + 1) fresh.push([high + 1, seq - 1]);
      high = seq;
    } else missing = without(missing, seq);
  }
  const filled =
    missing.length !== progress.missing.length ||
    missing.some(([from, to], index) => from !== progress.missing[index]?.[0] || to !== progress.missing[index]?.[1]);
  return { high, missing: bounded([...missing, ...fresh]), noticed: fresh, filled };
}

/** Whether nothing of `span` is missing any more. */
export function isFilled(span: Span, missing: readonly Span[]): boolean {
  return !missing.some(([from, to]) => from <= span[1] && to >= span[0]);
}
