import type { Instant } from '@sallyport/basics';
import type { TerminalHome } from '@sallyport/contracts';
import type { ItemState } from '@sallyport/offline';

type RemoteCall = NonNullable<TerminalHome['call']>;

/** What is true of a call: `saved` is stored here and received by nobody yet; `unsaved` could not even be stored. */
export type CallStage = 'idle' | 'calling' | 'saved' | 'answered' | 'arrived' | 'ended' | 'withdrawn' | 'unsaved';

/** A press on this page. */
export interface OwnCall {
  readonly id: string;
  readonly at: Instant;
  readonly state: ItemState;
  readonly unsaved: boolean;
  readonly withdrawn: boolean;
}

/** After this long without the server's word the page says that it is still trying and names the wired button. */
const SILENCE = 5_000;
const remoteStage = { calling: 'calling', acknowledged: 'answered', arrived: 'arrived', ended: 'ended', withdrawn: 'withdrawn' } as const;

/** Puts together what this page did and what the server says. Only the server's word makes a call received. */
export function stageOf(own: OwnCall | null, remote: RemoteCall | null, online: boolean, now: Instant): CallStage {
  if (own === null) {
    if (remote === null || remote.state === 'ended' || remote.state === 'withdrawn') return 'idle';
    return remoteStage[remote.state];
  }
  if (own.unsaved) return 'unsaved';
  if (own.withdrawn) return 'withdrawn';
  if (remote?.id === own.id) return remoteStage[remote.state];
  if (own.state === 'accepted' || own.state === 'parked') return 'calling';
  if (own.state === 'refused') return 'unsaved';
  return online && now - own.at < SILENCE ? 'calling' : 'saved';
}

/** Whole seconds in which the press can be taken back; 0 when that time is over. */
export function withdrawSeconds(own: OwnCall | null, stage: CallStage, now: Instant): number {
  if (own === null || (stage !== 'calling' && stage !== 'saved')) return 0;
  return Math.max(0, Math.ceil((own.at + 5_000 - now) / 1_000));
}
