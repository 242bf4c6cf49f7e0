import type { Id } from '@sallyport/basics';
import { cellOfPlace, type Heartbeat } from '@sallyport/contracts';
import { sql } from 'kysely';
import type { CommandScope } from '../../platform/commands/index.js';
import { clearAlert } from '../alert/index.js';

interface Before {
  readonly place: string;
  readonly generation: Id | null;
  readonly last_seq: number | null;
  readonly silence: Id | null;
  readonly alert: Id | null;
  /** Highest number that arrived, of the generation seen last and of the one told now. */
  readonly old_high: number | null;
  readonly new_high: number | null;
}

async function before(scope: CommandScope, device: Id, generation: Id): Promise<Before | undefined> {
  const { rows } = await sql<Before>`
    select d.place, h.generation, h.last_seq, s.id as silence, s.alert,
      (select high from device_sequence q where q.device = d.id and q.generation = h.generation) as old_high,
      (select high from device_sequence q where q.device = d.id and q.generation = ${generation}::uuid) as new_high
    from device d left join device_health h on h.device = d.id left join device_silence s on s.device = d.id and s.ended_at is null
    where d.id = ${device}::uuid and d.state = 'active' for update of d`.execute(scope.trx);
  return rows[0];
}

async function store(scope: CommandScope, device: Id, beat: Heartbeat): Promise<void> {
  const row = {
    last_seen_at: new Date(scope.now),
    build: beat.build,
    generation: beat.generation,
    boot_id: beat.bootId,
    last_seq: beat.lastSeq,
    queued: beat.queued,
    oldest_queued_at: beat.oldestQueuedAt === null ? null : new Date(beat.oldestQueuedAt),
    parked: beat.parked,
    clock_offset_ms: beat.clockOffsetMs,
    free_bytes: beat.freeBytes,
    persisted: beat.persisted,
  };
  await scope.trx
    .insertInto('device_health')
    .values({ device, ...row })
    .onConflict((conflict) => conflict.column('device').doUpdateSet(row))
    .execute();
}

/** Names numbers that the device gave and that can never arrive any more. */
async function noteLost(scope: CommandScope, device: Id, generation: Id, from: number, to: number): Promise<void> {
  if (to < from) return;
  const now = new Date(scope.now);
  await scope.trx
    .insertInto('device_sequence')
    .values({ device, generation, high: 0, missing: '[]', started_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await scope.trx
    .insertInto('device_gap')
    .values({ device, generation, from_seq: from, to_seq: to, noticed_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Names what the device itself knows to be gone: it remembers its numbers in a second place, this server only those of its signs of life. */
async function noteTold(scope: CommandScope, device: Id, beat: Heartbeat): Promise<void> {
  for (const { generation, afterSeq, lastSeq } of beat.lost ?? []) {
    // The generation alone tells: a terminal that was enrolled anew speaks for the numbers of its earlier self.
    const { rows } = await sql<{ high: number | null }>`select max(high) as high from device_sequence where generation = ${generation}::uuid`.execute(
      scope.trx,
    );
    await noteLost(scope, device, generation, Math.max(afterSeq, rows[0]?.high ?? 0) + 1, lastSeq);
  }
}

/** Ends a silence, and its alert with the note that the device is back. */
export async function endSilence(scope: CommandScope, silence: Id, alert: Id | null, place: string, note: string): Promise<void> {
  await scope.trx
    .updateTable('device_silence')
    .set({ ended_at: new Date(scope.now) })
    .where('id', '=', silence)
    .execute();
  if (alert !== null) await clearAlert(scope, alert, note);
  scope.hint({ topic: 'device', cell: cellOfPlace(place) });
}

/**
 * Takes a sign of life: ends a silence, and names what a wiped store has lost, by the numbers it had given before.
 * False when the device is not active (any more).
 */
export async function takeHeartbeat(scope: CommandScope, device: Id, beat: Heartbeat): Promise<boolean> {
  // Losing the last signs of life in a crash costs nothing; waiting for the disk for each would.
  await sql`set local synchronous_commit = off`.execute(scope.trx);
  const was = await before(scope, device, beat.generation);
  if (!was) return false;
  if (was.generation !== null && was.generation !== beat.generation) {
    await noteLost(scope, device, was.generation, (was.old_high ?? 0) + 1, was.last_seq ?? 0);
    scope.hint({ topic: 'device', cell: cellOfPlace(was.place) });
  } else if (beat.queued === 0 && beat.parked === 0) {
    // Nothing waits there, so what has not arrived by now is gone.
    await noteLost(scope, device, beat.generation, (was.new_high ?? 0) + 1, beat.lastSeq);
  }
  await noteTold(scope, device, beat);
  await store(scope, device, beat);
  if (was.silence !== null) await endSilence(scope, was.silence, was.alert, was.place, 'device-back');
  return true;
}
