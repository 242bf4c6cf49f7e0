import { type Verdict, type WorkDetail, workDecide, workUndo } from '@sallyport/contracts';
import { useCallback, useEffect, useState } from 'react';
import { useAct } from '../../platform/use-act';
import { siteNow, useSiteNow } from '../../platform/site-clock';
import { useSession } from '../access/session';
import { type Draft, decisionInput } from './decision';

/** The last own verdict while it can still be taken back. */
export interface LastVerdict {
  readonly item: WorkDetail;
  readonly verdict: Verdict;
  readonly version: number;
  readonly undoUntil: number;
  /** The whole time to take it back, for the draining line. */
  readonly undoSeconds: number;
}

/** Verdicts and their undo. A verdict that was given is remembered until its time to take it back is over. */
export function useDecide(onDecided: (item: WorkDetail) => void) {
  const { stepUp } = useSession();
  const { act: deciding, run: decide, clear: clearDecide } = useAct(workDecide, stepUp);
  const { act: undoing, run: undo, clear: clearUndo } = useAct(workUndo);
  const [last, setLast] = useState<LastVerdict | null>(null);
  const now = useSiteNow();
  useEffect(() => {
    if (last && now >= last.undoUntil) setLast(null);
  }, [last, now]);
  const give = useCallback(
    async (item: WorkDetail, verdict: Verdict, draft: Draft) => {
      const needs = item.verdicts.find((offer) => offer.verdict === verdict)?.needs ?? [];
      const outcome = await decide({ item: item.id, seenVersion: item.version, verdict, ...decisionInput(needs, draft) });
      if (outcome?.outcome !== 'accepted' || !outcome.result) return;
      const undoUntil = outcome.result.undoUntil ? Date.parse(outcome.result.undoUntil) : siteNow();
      setLast({ item, verdict, version: outcome.result.version, undoUntil, undoSeconds: Math.max(1, Math.round((undoUntil - siteNow()) / 1_000)) });
      onDecided(item);
    },
    [decide, onDecided],
  );
  const takeBack = useCallback(async () => {
    if (!last) return;
    const outcome = await undo({ item: last.item.id, seenVersion: last.version });
    if (outcome?.outcome === 'accepted') setLast(null);
  }, [last, undo]);
  const act = deciding.state === 'idle' ? undoing : deciding;
  const clear = useCallback(() => {
    clearDecide();
    clearUndo();
  }, [clearDecide, clearUndo]);
  return { give, takeBack, last, secondsLeft: last ? Math.max(0, Math.ceil((last.undoUntil - now) / 1_000)) : 0, act, clear };
}
