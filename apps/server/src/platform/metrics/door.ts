import { SECOND } from '@sallyport/basics';
import { refusalCode } from '@sallyport/contracts';
import type { Settled } from '../commands/arrival.js';
import { BusyError, type CommandDoor } from '../commands/index.js';
import type { Metrics } from './metrics.js';

/** Up to the most that share a transaction. */
const SIZES = [1, 2, 5, 10, 20, 50, 100];
const known = new Set<string>(refusalCode.options);

export interface DoorMeasure {
  /** For the door's option of the same name. */
  onBatch(size: number): void;
  /** The same door, counted. */
  counted(door: CommandDoor): CommandDoor;
}

/** What waits, and since when. */
function createWaiting(metrics: Metrics) {
  const requests = new Set<{ readonly since: number; readonly size: number }>();
  metrics.gauge('sallyport_commands_waiting', 'Commands that came in and are not answered yet', [], (gauge) =>
    gauge.set([...requests].reduce((sum, { size }) => sum + size, 0)),
  );
  metrics.gauge('sallyport_commands_oldest_seconds', 'How long the oldest unanswered command has waited', [], (gauge) => {
    // A set keeps the order in which its members came.
    const [oldest] = requests;
    gauge.set(oldest ? (performance.now() - oldest.since) / SECOND : 0);
  });
  return async <Result>(size: number, work: () => Promise<Result>): Promise<Result> => {
    const own = { since: performance.now(), size };
    requests.add(own);
    try {
      return await work();
    } finally {
      requests.delete(own);
    }
  };
}

/**
 * Figures of the command door: how many commands wait and since when, how many share a transaction, what became of them. Refusals are
 * labelled by their code, of which the contracts have a fixed list.
 */
export function measureDoor(metrics: Metrics): DoorMeasure {
  const waits = createWaiting(metrics);
  const sizes = metrics.histogram('sallyport_command_batch_size', 'Commands that began a transaction together', [], SIZES);
  const outcomes = metrics.counter('sallyport_commands_total', 'Commands answered', ['outcome']);
  const refusals = metrics.counter('sallyport_command_refusals_total', 'Commands refused, by the code of the refusal', ['code']);
  const away = metrics.counter('sallyport_commands_turned_away_total', 'Requests with commands that could not be taken', ['reason']);
  const note = (settled: Settled): void => {
    if (settled.kind !== 'outcome') return outcomes.inc({ outcome: settled.kind });
    const { outcome, code } = settled.outcome;
    outcomes.inc({ outcome });
    if (outcome === 'refused') refusals.inc({ code: code !== undefined && known.has(code) ? code : 'other' });
  };
  const count = async (size: number, work: () => Promise<Settled[]>): Promise<Settled[]> => {
    try {
      const settled = await waits(size, work);
      for (const one of settled) note(one);
      return settled;
    } catch (error) {
      away.inc({ reason: error instanceof BusyError ? error.reason : 'fault' });
      throw error;
    }
  };
  return {
    onBatch: (size) => sizes.observe(size),
    counted: (door) => ({
      ...door,
      fromOfficer: (officer, commands, expectedKind) => count(commands.length, () => door.fromOfficer(officer, commands, expectedKind)),
      fromDevice: (device, commands, request) => count(commands.length, () => door.fromDevice(device, commands, request)),
    }),
  };
}
