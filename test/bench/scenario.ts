/** How a run of the benchmarks was asked for. */
export interface Run {
  /** Tiny numbers that show that a benchmark still works; its figures mean nothing. */
  readonly smoke: boolean;
  readonly rounds: number;
  print(line: string): void;
}

/** One benchmark: what it holds against what, and what limits it. */
export interface Scenario {
  /** As typed after `npm run bench --`. */
  readonly name: string;
  readonly summary: string;
  /** Prints its lines. @throws Error when the product answered wrongly: a figure of wrong answers is none. */
  run(run: Run): Promise<void>;
}
