import type { OwnAnomaly } from '@sallyport/contracts';
import type { SaveFailure } from '@sallyport/offline';
import type { Sent } from './acts';

/** Why a duty was missed, in the words of the catalogue (`mine.reasonAway` …). */
export const MISSED_REASONS = ['reasonAway', 'reasonIll', 'reasonTerminal', 'reasonNotTold', 'reasonAsleep', 'reasonOther'] as const;
export type MissedReason = (typeof MISSED_REASONS)[number];

/** Where the person is. The page holds the whole state of a task, so that it can be taken off the screen and brought back as it was. */
export type Page =
  | { readonly at: 'home' }
  | { readonly at: 'language' }
  | { readonly at: 'roster' }
  | { readonly at: 'outbox' }
  | { readonly at: 'duty'; readonly slot: string; readonly bed?: number; readonly wrong?: boolean }
  | { readonly at: 'duty-sent'; readonly slot: string; readonly bed: number; readonly sent: Sent }
  | {
      readonly at: 'handover';
      readonly slot: string;
      readonly verdict?: 'normal' | 'abnormal';
      readonly remark?: string;
      readonly bed?: number;
      readonly wrong?: boolean;
    }
  | { readonly at: 'handover-sent'; readonly verdict: 'normal' | 'abnormal'; readonly sent: Sent; readonly from: Extract<Page, { at: 'handover' }> }
  | { readonly at: 'roll-call'; readonly bed?: number; readonly wrong?: boolean }
  | { readonly at: 'passkey'; readonly bed?: number }
  | { readonly at: 'mine'; readonly bed?: number; readonly wrong?: boolean }
  | {
      readonly at: 'mine-open';
      readonly bed: number;
      readonly sent: Sent;
      readonly about?: OwnAnomaly;
      readonly reason?: MissedReason;
      readonly wrong?: boolean;
    }
  | { readonly at: 'mine-commented'; readonly sent: Sent; readonly from: Extract<Page, { at: 'mine-open' }> }
  | { readonly at: 'not-saved'; readonly why: SaveFailure };

export type Go = (page: Page) => void;
export const HOME: Page = { at: 'home' };
