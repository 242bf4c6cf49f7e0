import { type Instant, SECOND } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import type { Silence } from '@sallyport/domain';
import { sql } from 'kysely';
import type { Db } from '../../platform/db/index.js';

/** How the terminal of a cell stands: `none` when no device was ever confirmed there. */
export type TerminalState = 'online' | 'silent' | 'lost' | 'none';

interface Row {
  readonly cell: string;
  readonly confirmed_at: Instant;
  readonly active: boolean;
  readonly ended_at: Instant | null;
  readonly last_seen_at: Instant | null;
}

/** Confirmed devices by cell, with their last sign of life. */
async function devicesOf(db: Db, cells: readonly string[]): Promise<Map<string, Row[]>> {
  const { rows } = await sql<Row>`
    select substr(d.place, 6) as cell, d.confirmed_at, d.state = 'active' as active, d.ended_at, h.last_seen_at
    from device d left join device_health h on h.device = d.id
    where d.place = any(${cells.map((cell) => `cell:${cell}`)}::text[]) and d.confirmed_at is not null and d.state in ('active', 'revoked')`.execute(db);
  const byCell = new Map<string, Row[]>(cells.map((cell) => [cell, []]));
  for (const row of rows) byCell.get(row.cell)?.push(row);
  return byCell;
}

async function recordedSilences(db: Db, cells: readonly string[], since: Instant) {
  // What a terminal stored that was silent when it was ended never arrives: its place is as empty as before it.
  const { rows } = await sql<Silence & { cell: string }>`
    select substr(d.place, 6) as cell, s.since as from, coalesce(s.ended_at, d.ended_at) as until, s.ended_at is null and d.state <> 'active' as "noTerminal"
    from device_silence s join device d on d.id = s.device
    where d.place = any(${cells.map((cell) => `cell:${cell}`)}::text[]) and (coalesce(s.ended_at, d.ended_at) > ${new Date(since)} or (s.ended_at is null and d.state = 'active'))
    order by s.since`.execute(db);
  return rows;
}

/** The times in which none of these devices of a cell was let in: before the first, between one and the next, after the last (DUTY48). */
function withoutTerminal(devices: readonly Row[]): Silence[] {
  const times: Silence[] = [];
  let from = 0;
  for (const { confirmed_at, active, ended_at } of [...devices].sort((a, b) => a.confirmed_at - b.confirmed_at)) {
    if (confirmed_at > from) times.push({ from, until: confirmed_at, noTerminal: true });
    from = Math.max(from, active ? Number.POSITIVE_INFINITY : (ended_at ?? confirmed_at));
  }
  return from === Number.POSITIVE_INFINITY ? times : [...times, { from, until: null, noTerminal: true }];
}

/** When the terminals of these cells gave no sign of life, from `since` on, and when there was none. */
export async function silencesOf(db: Db, cells: readonly string[], since: Instant, now: Instant, policy: PolicyDocument): Promise<Map<string, Silence[]>> {
  const found = new Map<string, Silence[]>(cells.map((cell) => [cell, []]));
  for (const { cell, ...silence } of await recordedSilences(db, cells, since)) found.get(cell)?.push(silence);
  const devices = await devicesOf(db, cells);
  for (const cell of cells) {
    const own = devices.get(cell) ?? [];
    const silences = found.get(cell) ?? [];
    silences.push(...withoutTerminal(own));
    const active = own.find((device) => device.active);
    // After a restart the silence may be noticed here before the device's own job has recorded it.
    const lastSign = active && Math.max(active.last_seen_at ?? 0, active.confirmed_at);
    if (lastSign !== undefined && now - lastSign >= policy.alert.silenceAmberSeconds * SECOND && !silences.some(({ until }) => until === null))
      silences.push({ from: lastSign, until: null });
  }
  return found;
}

/** How the terminals of these cells stand now, for the board. */
export async function terminalStates(db: Db, cells: readonly string[], now: Instant, policy: PolicyDocument): Promise<Map<string, TerminalState>> {
  const devices = await devicesOf(db, cells);
  return new Map(
    cells.map((cell) => {
      const active = devices.get(cell)?.find((device) => device.active);
      if (!active) return [cell, 'none'];
      const quiet = now - Math.max(active.last_seen_at ?? 0, active.confirmed_at);
      if (quiet < policy.alert.silenceAmberSeconds * SECOND) return [cell, 'online'];
      return [cell, quiet < policy.alert.silenceRedSeconds * SECOND ? 'silent' : 'lost'];
    }),
  );
}
