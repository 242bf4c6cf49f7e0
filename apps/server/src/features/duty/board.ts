import type { Instant } from '@sallyport/basics';
import { type BoardCell, dutyBoard } from '@sallyport/contracts';
import { blocksFor, type DutySlot, nextSlotAfter, slotAt, slotsOpenAt, slotTimes, standingOf } from '@sallyport/domain';
import { sql } from 'kysely';
import type { OfficerActor } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import { officerQuery, type Query, type QueryScope } from '../../platform/queries/query.js';
import { type Cell, cellsOfSite } from '../person/index.js';
import { type CellSlot, loadSlot } from './evidence.js';
import { type TerminalState, terminalStates } from './silence.js';
import { iso, seatStateOf, slotHead } from './view.js';

type Scope = QueryScope<OfficerActor>;

/** The slot that the board shows: the one that runs, else the one whose window is open, else the next; one that is nobody's duty is passed over. */
async function loadShownSlot({ db, now, policy }: Scope, cells: readonly string[]): Promise<ReadonlyMap<string, CellSlot>> {
  const candidates = [slotAt(now, policy), ...slotsOpenAt(now, policy), nextSlotAfter(now, policy)].filter((slot) => slot !== null);
  const slots = new Map<string, DutySlot>(candidates.map((slot) => [slot.key, slot]));
  for (const slot of slots.values()) {
    const loaded = await loadSlot(db, slot, cells, now, policy);
    if (loaded.some(({ evidence }) => evidence.planned || evidence.rosterMissing)) return new Map(loaded.map((one) => [one.cell, one]));
  }
  return new Map();
}

/** Cells of the blocks in which the officer's posts may read duty. */
export async function cellsFor(db: Db, actor: OfficerActor): Promise<Cell[]> {
  const blocks = blocksFor(actor.posts, 'duty.read');
  const cells = await cellsOfSite(db);
  return blocks === 'all' ? cells : cells.filter(({ block }) => blocks.includes(block));
}

/** People held and open alerts per cell. */
async function countsOf(db: Db): Promise<Map<string, { people: number; alerts: number }>> {
  const { rows } = await sql<{ cell: string; people: number; alerts: number }>`
    select c.number as cell, (select count(*) from person p where p.cell = c.number and p.state = 'held') as people,
      (select count(*) from alert a where a.cell = c.number and a.state in ('calling', 'acknowledged', 'arrived')) as alerts
    from cell c`.execute(db);
  return new Map(rows.map(({ cell, people, alerts }) => [cell, { people, alerts }]));
}

/** From when the cell stands as it does. */
function since(state: BoardCell['state'], { slot, signIns, evidence }: CellSlot, { policy }: Scope): Instant | null {
  if (state === 'both' || state === 'late') return Math.max(...signIns.map(({ signed_at }) => signed_at));
  if (state === 'offline') return evidence.silences.find(({ until }) => until === null)?.from || null;
  if (state === 'no-roster') return slot.start;
  return state === 'nobody' || state === 'solo' ? slotTimes(slot, policy).onTimeUntil : null;
}

function seatsOf({ slot, seats, signIns, people }: CellSlot, { now, policy }: Scope): BoardCell['seats'] {
  return seats.flatMap(({ person: id }) => {
    const facts = people.get(id);
    const signIn = signIns.find(({ person }) => person === id);
    const bed = signIn?.bed ?? facts?.person.bed;
    if (!facts || bed == null) return [];
    const { number, maskedName, out } = facts.person;
    return [
      {
        bed,
        state: seatStateOf(facts, signIn, slot, now, policy),
        signedAt: signIn ? iso(signIn.signed_at) : null,
        personId: id,
        maskedName,
        number,
        where: out?.reason ?? null,
      },
    ];
  });
}

function boardCell(cell: Cell, loaded: CellSlot | undefined, terminal: TerminalState, counts: { people: number; alerts: number }, scope: Scope): BoardCell {
  const head = { cell: cell.number, block: cell.block, people: counts.people, terminal, openAlerts: counts.alerts };
  if (!loaded) return { ...head, state: 'not-planned', since: null, slot: null, seats: [], note: null };
  const state = standingOf(loaded.evidence, scope.now, scope.policy);
  const from = since(state, loaded, scope);
  const note = loaded.signIns.flatMap(({ review }) => review)[0] ?? null;
  return { ...head, state, since: from === null ? null : iso(from), slot: slotHead(loaded.slot, scope.policy), seats: seatsOf(loaded, scope), note };
}

/** All cells of the officer's blocks at once: who should be there, who is, and how sure the terminal makes us. */
export const board: Query = officerQuery<typeof dutyBoard>({
  contract: dutyBoard,
  permission: 'duty.read',
  audit: null,
  async read(scope) {
    const cells = await cellsFor(scope.db, scope.actor);
    const numbers = cells.map(({ number }) => number);
    const loaded = await loadShownSlot(scope, numbers);
    const terminals = await terminalStates(scope.db, numbers, scope.now, scope.policy);
    const counts = await countsOf(scope.db);
    return {
      asOf: iso(scope.now),
      cells: cells.map((cell) =>
        boardCell(cell, loaded.get(cell.number), terminals.get(cell.number) ?? 'none', counts.get(cell.number) ?? { people: 0, alerts: 0 }, scope),
      ),
    };
  },
});
