import { type Verdict, type WorkDetail, workClaim, workDetail } from '@sallyport/contracts';
import { useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { reading } from '../../platform/queries';
import { useAct } from '../../platform/use-act';
import { EMPTY_DRAFT, VERDICT_KEYS } from './decision';
import { nextAfter } from './held-order';
import { useLeaseRenewal, useViewing } from './use-claim';
import { useDecide } from './use-decide';
import { type HeldQueue, type QueueFilter, useHeldQueue } from './use-held-queue';

/** What is asked of the officer before an act is sent. */
export type Asking = Verdict | 'take-over' | null;

function mayDecide(item: WorkDetail | undefined): item is WorkDetail {
  return item !== undefined && (item.state === 'open' || item.state === 'claimed') && (item.holder === null || item.holder.mine);
}

function useOpenItem(queue: HeldQueue) {
  const navigate = useNavigate();
  const { item: current = null } = useParams();
  const detail = useQuery({ ...reading(workDetail, { id: current ?? '' }), enabled: current !== null });
  const open = useCallback((id: string | null) => void navigate(id ? `/work/${id}` : '/'), [navigate]);
  const shown = queue.rows.map(({ id }) => id);
  const neighbour = (step: number) => shown[Math.min(Math.max((current ? shown.indexOf(current) : -1) + step, 0), shown.length - 1)];
  return { current, item: current ? detail.data : undefined, isLoading: current !== null && detail.isLoading, open, shown, neighbour };
}

/** The queue at work: the list, the open item, its acts and their keys. */
export function useQueueDesk(filter: QueueFilter) {
  const queue = useHeldQueue(filter);
  const { current, item, isLoading, open, shown, neighbour } = useOpenItem(queue);
  const decisions = useDecide((decided) => open(nextAfter(shown, decided.id)));
  const claim = useAct(workClaim);
  const [asking, ask] = useState<Asking>(null);
  useViewing(item?.id);
  useLeaseRenewal(item);
  const take = () => item && void claim.run({ item: item.id });
  const takeOver = (reason: string) => item && void claim.run({ item: item.id, takeOver: { reason } });
  const decide = (verdict: Verdict) => {
    const offer = item?.verdicts.find((candidate) => candidate.verdict === verdict);
    if (!item || !offer) return;
    if (offer.needs.length > 0) ask(verdict);
    else void decisions.give(item, verdict, EMPTY_DRAFT);
  };
  const move = (step: number) => {
    const next = neighbour(step);
    decisions.clear();
    if (next) open(next);
  };
  useHotkeys([
    { keys: 'ArrowDown', run: () => move(1) },
    { keys: 'KeyJ', run: () => move(1) },
    { keys: 'ArrowUp', run: () => move(-1) },
    { keys: 'KeyK', run: () => move(-1) },
    { keys: 'KeyC', run: take, isDisabled: !mayDecide(item) },
    { keys: 'KeyZ', run: () => void decisions.takeBack(), isDisabled: decisions.last === null },
    { keys: 'Period', run: queue.reveal },
    ...(mayDecide(item) ? item.verdicts.map(({ verdict }) => ({ keys: VERDICT_KEYS[verdict], run: () => decide(verdict) })) : []),
  ]);
  const trouble = [decisions.act, claim.act].find((act) => act.state === 'problem');
  return { queue, current, item, isLoading, open, decisions, asking, ask, take, takeOver, decide, trouble: trouble?.state === 'problem' ? trouble : null };
}
