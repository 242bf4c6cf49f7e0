import { type WorkDetail, workClaim, workViewPath } from '@sallyport/contracts';
import { useEffect } from 'react';
import { postJson } from '../../platform/api';
import { send } from '../../platform/commands';

/** A lease of 90 s is renewed well before it ends while the officer is at work on the item. */
const RENEW_MS = 30_000;
const VIEW_MS = 20_000;

/** Tells the others that this officer has the item open, without taking it (ux R7). */
export function useViewing(item: string | undefined): void {
  useEffect(() => {
    if (!item) return;
    // Presence only: when it cannot be told, the next one tells it.
    const tell = () => void postJson(workViewPath.replace(':id', item), {}).catch(() => undefined);
    tell();
    const timer = setInterval(tell, VIEW_MS);
    return () => clearInterval(timer);
  }, [item]);
}

/** Keeps the own lease while the item is open. */
export function useLeaseRenewal(detail: WorkDetail | undefined): void {
  const mine = detail?.state === 'claimed' && detail.holder?.mine ? detail.id : undefined;
  useEffect(() => {
    if (!mine) return;
    const timer = setInterval(() => void send(workClaim, { item: mine }).catch(() => undefined), RENEW_MS);
    return () => clearInterval(timer);
  }, [mine]);
}
