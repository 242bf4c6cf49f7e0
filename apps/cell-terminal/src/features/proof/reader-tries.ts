import { MINUTE } from '@sallyport/basics';

/** So many readings in a row without the person, then only an officer or the PIN can help (ux: three tries). */
export const READER_TRIES = 3;
/** Until the reader takes this bed again: the finger has dried, an officer has come. */
const REST = 5 * MINUTE;

/** Readings of each bed that failed on this page. Gone with the page; the server counts nothing, because the reader has told it nothing. */
export class ReaderTries {
  readonly #failures = new Map<number, { readonly count: number; readonly at: number }>();

  #of(bed: number, at: number): number {
    const kept = this.#failures.get(bed);
    return kept === undefined || at - kept.at >= REST ? 0 : kept.count;
  }

  /** `at`: monotonic milliseconds, here and below. */
  failed(bed: number, at: number): void {
    this.#failures.set(bed, { count: this.#of(bed, at) + 1, at });
  }

  proved(bed: number): void {
    this.#failures.delete(bed);
  }

  spent(bed: number, at: number): boolean {
    return this.#of(bed, at) >= READER_TRIES;
  }
}

/** Of this page. */
export const readerTries = new ReaderTries();
