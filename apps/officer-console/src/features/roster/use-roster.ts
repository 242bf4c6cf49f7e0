import { type RosterView, rosterCheckPath, rosterCheckResult, rosterOf } from '@sallyport/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { postJson } from '../../platform/api';
import { reading } from '../../platform/queries';
import { changedSlots, type Draft, draftOf, plannedOf } from './draft';

/** A pause in the edits after which the server is asked about conflicts. */
const CHECK_DELAY_MS = 250;
/** How many steps can be taken back. */
const UNDO_LIMIT = 100;

function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), CHECK_DELAY_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

const NOTHING: Draft = new Map();

/** What the officer has changed since `base`, the version that was taken from the server. */
interface Editing {
  readonly base: RosterView | null;
  readonly draft: Draft;
  readonly past: readonly Draft[];
}

/** The roster of a cell and week with the officer's edits, and what the rules say about them before they are saved. */
export function useRoster(cell: string, week: string) {
  const { data: view, error } = useQuery({ ...reading(rosterOf, { cell, week }), enabled: cell !== '' });
  const [{ base, draft, past }, setEditing] = useState<Editing>({ base: null, draft: NOTHING, past: [] });
  const saved = useMemo(() => (base ? draftOf(base.slots) : NOTHING), [base]);
  const changed = useMemo(() => changedSlots(saved, draft), [saved, draft]);
  const isOther = base?.cell !== cell || base.week !== week;
  const [own, setOwn] = useState<number | null>(null);
  const isOutdated = view !== undefined && base !== null && !isOther && view.version !== base.version && view.version !== own && changed.length > 0;
  useEffect(() => {
    if (!view || isOutdated) return;
    // A new version may be taken back to what was there before it, so that a proposal or a copy costs nobody their work.
    setEditing((before) => {
      if (before.base === view) return before;
      const same = before.base?.cell === view.cell && before.base.week === view.week;
      const draft = draftOf(view.slots);
      const isNew = same && changedSlots(before.draft, draft).length > 0;
      const kept = same ? (isNew ? [...before.past, before.draft] : before.past) : [];
      return { base: view, draft, past: kept.slice(-UNDO_LIMIT) };
    });
  }, [view, isOutdated]);
  const settled = useSettled(draft);
  const check = useQuery({
    queryKey: [rosterCheckPath, cell, week, plannedOf(settled)],
    queryFn: async () => rosterCheckResult.parse(await postJson(rosterCheckPath, { cell, week, slots: plannedOf(settled) })),
    enabled: changed.length > 0 && !isOther,
    placeholderData: keepPreviousData,
  });
  const shown = isOther ? null : base;
  const told = changed.length > 0 && check.data ? check.data : shown;
  return {
    view: shown,
    error,
    draft,
    changed,
    isOutdated,
    isChecking: changed.length > 0 && (check.isFetching || settled !== draft),
    conflicts: told?.conflicts ?? [],
    people: told?.people ?? [],
    canUndo: past.length > 0,
    edit: (next: Draft) => setEditing((before) => ({ ...before, draft: next, past: [...before.past, before.draft].slice(-UNDO_LIMIT) })),
    undo: () => setEditing((before) => ({ ...before, draft: before.past.at(-1) ?? before.draft, past: before.past.slice(0, -1) })),
    /** The version that an own act made: it is taken as the new base, not shown as somebody else's change. */
    expectVersion: setOwn,
    takeNewest: () => view && setEditing({ base: view, draft: draftOf(view.slots), past: [] }),
  };
}
export type Roster = ReturnType<typeof useRoster>;
