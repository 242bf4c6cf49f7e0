import type { TerminalHome } from '@sallyport/contracts';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { must } from '@sallyport/basics';
import { saveAct, type Sent } from '../../shell/acts';
import { useHome, useHouse, useNow, useWatched } from '../../shell/terminal-context';
import { type CallStage, type OwnCall, stageOf, withdrawSeconds } from './call-state';

export interface CallControl {
  readonly stage: CallStage;
  /** The page of the call is shown. */
  readonly open: boolean;
  readonly own: OwnCall | null;
  readonly remote: NonNullable<TerminalHome['call']> | null;
  readonly withdrawSeconds: number;
  /** One press: calls, or shows the call that runs. */
  press(): void;
  withdraw(): void;
  close(): void;
}

const CallContext = createContext<CallControl | null>(null);
export function useCall(): CallControl {
  return must(useContext(CallContext), 'call');
}

interface Press {
  readonly id: string;
  readonly at: number;
  readonly sent: Sent | null;
  readonly unsaved: boolean;
  readonly withdrawn: boolean;
}

/** Holds the call of this terminal. The id of the command is the id of the call. */
export function CallProvider({ children }: { children: ReactNode }) {
  const { terminal, sound } = useHouse();
  const home = useHome();
  const now = useNow(500);
  const { online } = useWatched(terminal.connection);
  const { items } = useWatched(terminal.outbox.summary);
  const [pressed, setPressed] = useState<Press | null>(null);
  const [open, setOpen] = useState(false);
  const remote = home?.view.call ?? null;
  const state = items.find(({ id }) => id === pressed?.id)?.state ?? 'saved';
  const own: OwnCall | null = pressed && { id: pressed.id, at: pressed.at, state, unsaved: pressed.unsaved, withdrawn: pressed.withdrawn };
  const stage = stageOf(own, remote, online, now);

  const call = async (): Promise<void> => {
    const draft = terminal.draft('alert.call', {});
    const at = terminal.clock.now();
    setPressed({ id: draft.id, at, sent: null, unsaved: false, withdrawn: false });
    const saved = await saveAct(terminal, draft);
    setPressed({ id: draft.id, at, sent: saved.ok ? saved.sent : null, unsaved: !saved.ok, withdrawn: false });
    if (saved.ok) void saved.sent.outcome.then(() => terminal.refreshHome());
  };
  const takeBack = async (id: string): Promise<void> => {
    const saved = await saveAct(terminal, terminal.draft('alert.withdraw', { alert: id }));
    if (!saved.ok) return;
    setPressed((before) => before && { ...before, withdrawn: true });
    const { outcome } = await saved.sent.outcome;
    if (outcome === 'refused') setPressed((before) => before && { ...before, withdrawn: false });
  };
  const control: CallControl = {
    stage,
    open,
    own,
    remote,
    withdrawSeconds: withdrawSeconds(own, stage, now),
    press() {
      setOpen(true);
      void sound.unlock().then(() => sound.play('done'));
      if (stage === 'idle' || stage === 'ended' || stage === 'withdrawn' || stage === 'unsaved') void call();
    },
    withdraw() {
      if (own) void takeBack(own.id);
    },
    close() {
      setOpen(false);
      if (stage === 'ended' || stage === 'withdrawn' || stage === 'unsaved') setPressed(null);
    },
  };
  return <CallContext value={control}>{children}</CallContext>;
}
