import { type Instant, must } from '@sallyport/basics';
import { type DutySlot, type Handover, handoverAt, nextSlotAfter, previousSlotOf } from '@sallyport/domain';
import { sql } from 'kysely';
import type { CommandScope } from '../../platform/commands/kind.js';
import { loadSlot } from './evidence.js';

/** Whether the outgoing of a slot may go, per cell (DUTY28). */
export async function handovers(scope: CommandScope, outgoing: DutySlot, cells: readonly string[], now: Instant): Promise<Map<string, Handover>> {
  const after = nextSlotAfter(outgoing.start, scope.policy);
  const incoming = after?.start === outgoing.end ? after : null;
  if (!incoming)
    return new Map(cells.map((cell) => [cell, handoverAt({ outgoing, incoming: null, incomingSeats: [], incomingSignIns: [] }, now, scope.policy)]));
  const loaded = await loadSlot(scope.trx, incoming, cells, now, scope.policy);
  return new Map(
    loaded.map(({ cell, seats, signIns, evidence }) => {
      const incomingSignIns = signIns.map(({ person, signed_at }) => ({ person, at: signed_at }));
      // A cell without a roster for the next slot has nobody to wait for.
      const next = seats.length > 0 ? incoming : null;
      return [cell, handoverAt({ outgoing, incoming: next, incomingSeats: evidence.seats, incomingSignIns }, now, scope.policy)];
    }),
  );
}

/** Writes who of a slot may go now; whoever was released stays so. */
async function release(scope: CommandScope, outgoing: DutySlot, cells: readonly string[]): Promise<void> {
  const state = await handovers(scope, outgoing, cells, scope.now);
  const free = [...state].flatMap(([cell, handover]) => (handover.released ? [{ cell, since: handover.since }] : []));
  if (free.length === 0) return;
  await sql`update duty_handover set released_at = free.since from unnest(${free.map(({ cell }) => cell)}::text[], ${free.map(({ since }) => new Date(since).toISOString())}::timestamptz[]) as free (cell, since)
    where duty_handover.cell = free.cell and slot = ${outgoing.key} and released_at is null`.execute(scope.trx);
  for (const { cell } of free) scope.hint({ topic: 'duty', cell });
}

/** Cells in which somebody has handed this slot over and waits to be released. */
async function waitingIn(scope: CommandScope, outgoing: DutySlot, cells: readonly string[] | 'all'): Promise<string[]> {
  const named = cells === 'all' ? sql<boolean>`true` : sql<boolean>`cell = any(${[...cells]}::text[])`;
  const query = scope.trx.selectFrom('duty_handover').select('cell').distinct().where('slot', '=', outgoing.key).where('released_at', 'is', null);
  return (await query.where(named).execute()).map(({ cell }) => cell);
}

/** The same of several slots, each with its cells, by slot key. One statement. */
async function waitingAmong({ trx }: CommandScope, pairs: readonly { readonly slot: string; readonly cell: string }[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ slot: string; cell: string }>`
    select distinct h.slot, h.cell from duty_handover h
    join unnest(${pairs.map(({ slot }) => slot)}::text[], ${pairs.map(({ cell }) => cell)}::text[]) as asked (slot, cell) using (slot, cell)
    where h.released_at is null order by h.slot, h.cell`.execute(trx);
  const waiting = new Map<string, string[]>();
  for (const { slot, cell } of rows) waiting.set(slot, [...(waiting.get(slot) ?? []), cell]);
  return waiting;
}

/** After sign-ins: releases those of the slot before who have handed over and whose relief is complete. */
export async function releaseOutgoing(scope: CommandScope, signed: readonly { slot: DutySlot; cell: string }[]): Promise<void> {
  const outgoings = new Map<string, DutySlot>();
  const pairs = signed.flatMap(({ slot, cell }) => {
    const outgoing = previousSlotOf(slot, scope.policy);
    if (!outgoing) return [];
    outgoings.set(outgoing.key, outgoing);
    return [{ slot: outgoing.key, cell }];
  });
  if (pairs.length === 0) return;
  for (const [key, cells] of await waitingAmong(scope, pairs)) await release(scope, must(outgoings.get(key), 'the outgoing slot'), cells);
}

/** At the end of a slot, and when the window of its relief has closed: releases whom no sign-in released (DUTY29). */
export async function releaseWaiting(scope: CommandScope, outgoing: DutySlot): Promise<void> {
  const waiting = await waitingIn(scope, outgoing, 'all');
  if (waiting.length > 0) await release(scope, outgoing, waiting);
}
