import type { CommandOutcome } from '@sallyport/contracts';
import type { Answered } from './api.js';

/** What an answer to a batch means for the queue. Only `outcomes` ends items, each by its own id. */
export type BatchAnswer =
  | { readonly kind: 'outcomes'; readonly outcomes: readonly CommandOutcome[] }
  /** Nothing happened, or nobody knows: keep and try again. */
  | { readonly kind: 'later'; readonly retryAfterMs: number | null }
  /** The server broke on this batch: perhaps one item is to blame. */
  | { readonly kind: 'broke' }
  /** The server cannot read this batch: one item is to blame. */
  | { readonly kind: 'unreadable' }
  /** The session or the device is not accepted: keep everything, prove the key again. */
  | { readonly kind: 'not-accepted' };

const OUTCOMES = new Set(['accepted', 'refused', 'parked']);

function isOutcome(value: unknown): value is CommandOutcome {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('outcome' in value)) return false;
  return typeof value.id === 'string' && typeof value.outcome === 'string' && OUTCOMES.has(value.outcome);
}

/** Reads an answer of `POST /api/commands`; null when none came. A page of a proxy with status 200 counts as no answer. */
export function batchAnswer(answer: Answered | null): BatchAnswer {
  if (answer === null) return { kind: 'later', retryAfterMs: null };
  const { status, json, retryAfterMs } = answer;
  if (status === 200) {
    const list = typeof json === 'object' && json !== null && 'outcomes' in json && Array.isArray(json.outcomes) ? json.outcomes : null;
    return list === null ? { kind: 'later', retryAfterMs } : { kind: 'outcomes', outcomes: list.filter(isOutcome) };
  }
  if (status === 401 || status === 403) return { kind: 'not-accepted' };
  if (status === 400 || status === 413 || status === 422) return { kind: 'unreadable' };
  if (status === 500) return { kind: 'broke' };
  return { kind: 'later', retryAfterMs };
}
