import { rosterCopy, rosterPropose, rosterSave, rosterSubmit } from '@sallyport/contracts';
import { useState } from 'react';
import { useAct } from '../../platform/use-act';
import { plannedOf } from './draft';
import type { Roster } from './use-roster';

/** The acts on a roster: save, submit, propose, copy. Submitting saves first, so that what is handed in is what is seen. */
export function useRosterActs(roster: Roster) {
  const save = useAct(rosterSave);
  const submit = useAct(rosterSubmit);
  const propose = useAct(rosterPropose);
  const copy = useAct(rosterCopy);
  const [done, setDone] = useState<'saved' | 'submitted' | null>(null);
  const [reason, setReason] = useState('');
  const { view, draft, changed } = roster;
  const target = view && { cell: view.cell, week: view.week, seenVersion: view.version };
  const saveNow = async () => {
    if (!target) return null;
    const why = reason.trim();
    const outcome = await save.run({ ...target, slots: plannedOf(draft), ...(why ? { reason: why } : {}) });
    if (outcome?.outcome !== 'accepted' || !outcome.result) return null;
    roster.expectVersion(outcome.result.version);
    setDone('saved');
    return outcome.result;
  };
  const submitNow = async () => {
    const at = changed.length > 0 ? await saveNow() : view?.rosterId ? { rosterId: view.rosterId, version: view.version } : null;
    if (!at) return;
    const outcome = await submit.run({ rosterId: at.rosterId, seenVersion: at.version });
    if (outcome?.outcome === 'accepted') setDone('submitted');
  };
  const made = async (act: typeof propose | typeof copy) => {
    const outcome = target ? await act.run(target) : null;
    if (outcome?.result) roster.expectVersion(outcome.result.version);
  };
  const acts = [save.act, submit.act, propose.act, copy.act];
  return {
    save: () => void saveNow(),
    submit: () => void submitNow(),
    propose: () => void made(propose),
    copy: () => void made(copy),
    isBusy: acts.some(({ state }) => state === 'sending'),
    problem: acts.find((act) => act.state === 'problem'),
    done: changed.length > 0 ? null : done,
    reason,
    setReason,
  };
}
export type RosterActs = ReturnType<typeof useRosterActs>;
