import type { Instant } from '@sallyport/basics';
import type { CommandOutcome, Proof } from '@sallyport/contracts';
import type { Draft, ItemState, SaveFailure, Terminal } from '@sallyport/offline';
import { useEffect, useRef, useState } from 'react';
import { useTerminal, useWatched } from './terminal-context';

/** An act that is safe on this terminal. */
export interface Sent {
  readonly id: string;
  /** Server's time when it was saved. */
  readonly at: Instant;
  readonly outcome: Promise<CommandOutcome>;
}
export type Saved = { readonly ok: true; readonly sent: Sent } | { readonly ok: false; readonly why: SaveFailure };

/** Saves an act; nothing may say "saved" before this has resolved. It never rejects: whatever goes wrong, nothing was saved. */
export async function saveAct(terminal: Terminal, draft: Draft, proof?: Proof): Promise<Saved> {
  const at = terminal.clock.now();
  const result = await terminal.act(draft, proof).catch(() => ({ ok: false, error: 'storage-failed' }) as const);
  return result.ok ? { ok: true, sent: { id: draft.id, at, outcome: result.value.outcome } } : { ok: false, why: result.error };
}

/** How far a saved act has come, and the server's answer once it is there. */
export function useProgress(sent: Sent): { state: ItemState; outcome: CommandOutcome | null } {
  const { items } = useWatched(useTerminal().outbox.summary);
  const [outcome, setOutcome] = useState<CommandOutcome | null>(null);
  useEffect(() => {
    let mounted = true;
    void sent.outcome.then((answer) => mounted && setOutcome(answer));
    return () => {
      mounted = false;
    };
  }, [sent]);
  return { state: outcome?.outcome ?? items.find(({ id }) => id === sent.id)?.state ?? 'saved', outcome };
}

/** Calls `run` of the latest rendering once for each answer. */
export function useOnOutcome(outcome: CommandOutcome | null, run: (outcome: CommandOutcome) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (outcome) latest.current(outcome);
  }, [outcome]);
}

/** A refusal counts as read, because its own page shows it; a wrong proof is asked for again. */
export function useRefusal(sent: Sent, outcome: CommandOutcome | null, onWrongProof?: () => void): void {
  const { outbox } = useTerminal();
  useOnOutcome(outcome, ({ outcome: end, code }) => {
    if (end !== 'refused') return;
    void outbox.seen(sent.id);
    if (code === 'PROOF_WRONG') onWrongProof?.();
  });
}
