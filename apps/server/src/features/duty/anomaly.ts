import type { Id } from '@sallyport/basics';
import { blockOfCell } from '@sallyport/contracts';
import { anomaliesOf, anomalyLevel, type DutyAnomaly, type DutySlot, type ReportEvidence } from '@sallyport/domain';
import { sql } from 'kysely';
import type { CommandScope } from '../../platform/commands/kind.js';
import { raiseAlerts } from '../alert/index.js';
import { type CellSlot, loadSlot } from './evidence.js';

/** Names that the people of a cell reported or an officer saw; `note` are their words. */
export interface SlotReport extends ReportEvidence {
  readonly cell: string;
  readonly note?: string | null;
  readonly observedBy?: Id | null;
}

interface Found {
  readonly id: Id;
  readonly cell: string;
  readonly slot: DutySlot;
  readonly anomaly: DutyAnomaly;
  readonly note: string | null;
  readonly observedBy: Id | null;
}

/** Anomalies of one statement: a dozen columns each, and a statement has at most 65,535 parameters. */
const CHUNK = 1_000;

/**
 * Silent terminals are one cause: a power cut is one alert with a counter, and many reviews. What lasts (no roster, no terminal) is one
 * alert of the block for half a day, seen by the officers of the block.
 */
function causeOf({ cell, slot, anomaly }: Found): string {
  if (anomaly.span === 'half-day') return anomaly.key.replace(`:${cell}:`, `:${blockOfCell(cell)}:`);
  return anomaly.kind === 'TERMINAL_OFFLINE' ? `terminal-offline:${slot.key}` : `duty:${cell}:${anomaly.key}`.slice(0, 120);
}

/** Writes those anomalies that are new by their key; the others stay as they are. */
async function insertNew(scope: CommandScope, found: readonly Found[]): Promise<Found[]> {
  if (found.length === 0) return [];
  const fresh = await scope.trx
    .insertInto('duty_anomaly')
    .values(
      found.map(({ id, cell, slot, anomaly, note, observedBy }) => ({
        id,
        key: anomaly.key,
        kind: anomaly.kind,
        cell,
        slot: slot.key,
        day: slot.date,
        at: new Date(anomaly.raisedAt),
        raised_at: new Date(scope.now),
        people: [...anomaly.people],
        state: anomaly.standing,
        note,
        observed_by: observedBy,
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .execute();
  const ids = new Set(fresh.map(({ id }) => id));
  return found.filter(({ id }) => ids.has(id));
}

async function raiseFor(scope: CommandScope, fresh: readonly Found[]): Promise<void> {
  const raised = await raiseAlerts(
    scope,
    fresh.map((found) => ({
      kind: 'duty-anomaly' as const,
      level: anomalyLevel(found.anomaly.kind),
      cell: found.cell,
      // Of what lasts the alert is reviewed, and with it all cells that it counts.
      ...(found.anomaly.span === 'slot' ? { subject: found.id } : {}),
      title: `duty.anomaly.${found.anomaly.kind}`,
      cause: causeOf(found),
      at: found.anomaly.raisedAt,
      since: found.anomaly.raisedAt,
    })),
  );
  if (raised.length === 0) return;
  await sql`update duty_anomaly set alert = linked.alert from unnest(${fresh.map(({ id }) => id)}::uuid[], ${raised.map(({ alert }) => alert)}::uuid[]) as linked (id, alert)
    where duty_anomaly.id = linked.id`.execute(scope.trx);
}

/** Late proof turns an anomaly for review, never erases it: what arrived late stays linked as evidence. */
async function markProved(scope: CommandScope, cells: readonly CellSlot[], found: readonly Found[]): Promise<void> {
  const proved = found.filter(({ anomaly }) => anomaly.standing === 'late-proved').map(({ anomaly }) => anomaly.key);
  if (proved.length > 0)
    await scope.trx.updateTable('duty_anomaly').set({ state: 'late-proved' }).where('key', 'in', proved).where('state', '=', 'open').execute();
  const late = cells.flatMap(({ signIns }) => signIns.filter(({ state }) => state === 'late-proved'));
  if (late.length === 0) return;
  await sql`
    insert into duty_late_proof (anomaly, sign_in, person, claimed_at, received_at)
    select a.id, s.id, s.person, s.signed_at, s.received_at
    from duty_sign_in s join duty_anomaly a on a.cell = s.cell and a.slot = s.slot and a.kind in ('NO_DUTY', 'SOLO_DUTY', 'TERMINAL_OFFLINE')
    where s.id = any(${late.map(({ id }) => id)}::uuid[]) and (s.person = any(a.people) or a.kind = 'TERMINAL_OFFLINE') and a.state <> 'ended'
    on conflict do nothing`.execute(scope.trx);
}

/**
 * Looks at loaded slots, raises what the rules find and nobody has raised yet, with alert and work item, and notes what was proved late.
 * Gives the ids of new anomalies by key. Some statements for every thousand.
 */
export async function raiseFound(scope: CommandScope, cells: readonly CellSlot[], reports: readonly SlotReport[] = []): Promise<Map<string, Id>> {
  const found = cells.flatMap(({ cell, slot, evidence }) => {
    const own = reports.filter((report) => report.cell === cell);
    return anomaliesOf({ ...evidence, reports: own }, scope.now, scope.policy).map((anomaly): Found => {
      const report = own.find(({ id, kind }) => kind === anomaly.kind && anomaly.key.endsWith(`:${id}`));
      return { id: scope.newId(), cell, slot, anomaly, note: report?.note ?? null, observedBy: report?.observedBy ?? null };
    });
  });
  const fresh: Found[] = [];
  for (let start = 0; start < found.length; start += CHUNK) {
    const part = await insertNew(scope, found.slice(start, start + CHUNK));
    await raiseFor(scope, part);
    fresh.push(...part);
  }
  await markProved(scope, cells, found);
  for (const cell of new Set(fresh.map((one) => one.cell))) scope.hint({ topic: 'duty', cell });
  return new Map(fresh.map(({ anomaly, id }) => [anomaly.key, id]));
}

/** Loads a slot of these cells, then as `raiseFound`. */
export async function reviewSlot(
  scope: CommandScope,
  slot: DutySlot,
  cells: readonly string[] | 'all',
  reports: readonly SlotReport[] = [],
): Promise<Map<string, Id>> {
  return raiseFound(scope, await loadSlot(scope.trx, slot, cells, scope.now, scope.policy), reports);
}
