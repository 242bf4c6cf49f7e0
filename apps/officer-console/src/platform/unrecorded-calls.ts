import type { UnrecordedCall } from '@sallyport/contracts';
import { useSyncExternalStore } from 'react';

/*
 * Calls that reached the server but not its database. They live here and not in the queries, because nothing can be read again:
 * this console is the only place that still knows of them, until an officer says that somebody goes there.
 */
let calls: readonly UnrecordedCall[] = [];
const listeners = new Set<() => void>();

function become(next: readonly UnrecordedCall[]): void {
  calls = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes a call in; the same one again changes nothing. */
export function addUnrecordedCall(call: UnrecordedCall): void {
  if (!calls.some(({ id }) => id === call.id)) become([...calls, call]);
}

/** An officer has said that somebody goes there, or the call was recorded after all. */
export function settleUnrecordedCall(id: string): void {
  if (calls.some((call) => call.id === id)) become(calls.filter((call) => call.id !== id));
}

export function unrecordedCalls(): readonly UnrecordedCall[] {
  return calls;
}

export function useUnrecordedCalls(): readonly UnrecordedCall[] {
  return useSyncExternalStore(subscribe, unrecordedCalls);
}
