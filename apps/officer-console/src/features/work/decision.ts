import type { Verdict, WorkDetail } from '@sallyport/contracts';

export type Need = WorkDetail['verdicts'][number]['needs'][number];

/** What the officer has written for a verdict. */
export interface Draft {
  readonly reasonCode: string | null;
  readonly note: string;
  readonly measure: string;
  readonly result: string;
  readonly checkValue: string;
}
export const EMPTY_DRAFT: Draft = { reasonCode: null, note: '', measure: '', result: '', checkValue: '' };

/** The keys of the verdicts (ux R4): digits decide, H puts off. */
export const VERDICT_KEYS: Readonly<Record<Verdict, string>> = { approve: 'Digit1', end: 'Digit1', return: 'Digit2', refuse: 'Digit3', later: 'KeyH' };
export const VERDICT_LABELS: Readonly<Record<Verdict, string>> = { approve: '1', end: '1', return: '2', refuse: '3', later: 'H' };

/** The first thing that is still missing, or null when the verdict can be sent. */
export function missing(needs: readonly Need[], draft: Draft): Need | null {
  const given: Record<Need, boolean> = {
    reason: draft.reasonCode !== null && (draft.reasonCode !== 'other' || draft.note.trim().length >= 2),
    'measure-and-result': draft.measure.trim().length >= 2 && draft.result.trim().length >= 2,
    'check-value': /^\d{6}$/.test(draft.checkValue.replace(/\s/g, '')),
  };
  return needs.find((need) => !given[need]) ?? null;
}

/** The part of the command body that carries what was written. */
export function decisionInput(needs: readonly Need[], draft: Draft) {
  const input = {
    ...(needs.includes('measure-and-result') ? { measure: draft.measure.trim(), result: draft.result.trim() } : {}),
    ...(needs.includes('check-value') ? { checkValue: draft.checkValue.replace(/\s/g, '') } : {}),
  };
  return {
    ...(draft.reasonCode ? { reasonCode: draft.reasonCode } : {}),
    ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
    ...(Object.keys(input).length > 0 ? { input } : {}),
  };
}
