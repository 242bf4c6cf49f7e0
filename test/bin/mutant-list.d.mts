/** A broken promise: which texts of the source become which. */
export interface Mutant {
  readonly name: string;
  readonly rules: readonly string[];
  readonly faults: readonly string[];
  readonly seeds: number;
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
}
export const MUTANTS: readonly Mutant[];
export function misfit(mutant: Mutant): string | null;
