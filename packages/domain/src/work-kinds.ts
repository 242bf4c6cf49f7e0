import type { Verdict, WorkKind } from '@sallyport/contracts';

/** What an officer has to give with a verdict. */
export type VerdictNeed = 'reason' | 'measure-and-result' | 'check-value';

export interface OfferedVerdict {
  readonly verdict: Verdict;
  readonly needs: readonly VerdictNeed[];
  /** Keys of the reason list of this verdict; the catalogue holds their text in the reader's language. */
  readonly reasons: readonly string[];
}

const plain = (verdict: Verdict): OfferedVerdict => ({ verdict, needs: [], reasons: [] });
const withReason = (verdict: Verdict, ...reasons: string[]): OfferedVerdict => ({ verdict, needs: ['reason'], reasons: [...reasons, 'other'] });
const withResult: OfferedVerdict = { verdict: 'end', needs: ['measure-and-result'], reasons: [] };

/** The verdicts each kind of work item allows (WORK5). */
export const WORK_VERDICTS: Readonly<Record<WorkKind, readonly OfferedVerdict[]>> = {
  'duty-review': [withResult, plain('later')],
  'emergency-call': [withResult],
  'device-silence': [withResult, plain('later')],
  'device-enrolment': [
    { verdict: 'approve', needs: ['check-value'], reasons: [] },
    withReason('refuse', 'check-value-different', 'wrong-place', 'not-ordered'),
  ],
  'roster-approval': [plain('approve'), withReason('return', 'unfair', 'unsuitable-person', 'gap'), withReason('refuse', 'not-needed', 'replaced')],
  'roster-missing': [withResult, plain('later')],
  substitute: [plain('approve'), withReason('refuse', 'another-person', 'not-needed'), plain('later')],
  'command-parked': [withResult],
  'roll-call-review': [withResult, plain('later')],
  'device-gap': [withResult, plain('later')],
  'job-stuck': [withResult],
};

/** Kinds whose verdict takes effect at once: an alarm cannot be un-answered (WORK8). */
export const WITHOUT_UNDO: ReadonlySet<WorkKind> = new Set(['emergency-call']);
