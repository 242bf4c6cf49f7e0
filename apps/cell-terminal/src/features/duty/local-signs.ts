import type { Instant } from '@sallyport/basics';
import { createContext, useContext, useSyncExternalStore } from 'react';

/** At most so many proofs of one person for one slot before only an officer can help (decision 23). */
export const TRIES = 3;

interface Mark {
  /** Server's time of the sign-in that is saved here and not yet refused; null when there is none. */
  readonly savedAt: Instant | null;
  readonly tries: number;
}

/** What this page has seen of its own sign-ins: the sealed outbox cannot be read back. Gone with the page. */
export class LocalSigns {
  #marks: ReadonlyMap<string, Mark> = new Map();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly get = (): ReadonlyMap<string, Mark> => this.#marks;

  #set(slot: string, bed: number, change: (mark: Mark) => Mark): void {
    const key = `${slot}/${bed}`;
    this.#marks = new Map(this.#marks).set(key, change(this.#marks.get(key) ?? { savedAt: null, tries: 0 }));
    for (const listener of this.#listeners) listener();
  }

  saved(slot: string, bed: number, at: Instant): void {
    this.#set(slot, bed, ({ tries }) => ({ savedAt: at, tries: tries + 1 }));
  }

  refused(slot: string, bed: number): void {
    this.#set(slot, bed, (mark) => ({ ...mark, savedAt: null }));
  }
}

export const LocalSignsContext = createContext(new LocalSigns());

/** The marks of one slot's beds. */
export function useLocalSigns(): { signs: LocalSigns; mark: (slot: string, bed: number) => Mark } {
  const signs = useContext(LocalSignsContext);
  const marks = useSyncExternalStore(signs.subscribe, signs.get);
  return { signs, mark: (slot, bed) => marks.get(`${slot}/${bed}`) ?? { savedAt: null, tries: 0 } };
}
