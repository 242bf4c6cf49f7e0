import { io, type Socket } from 'socket.io-client';
import { percentile } from './drive.js';
import { requestBytes, Wire } from './wire.js';

/** One terminal that connects: its session's token, or none at the bare server. */
export interface Arriving {
  readonly token: string | null;
}

export interface Fleet {
  readonly port: number;
  readonly host: string;
  /** Terminals that are on their way at the same moment. */
  readonly atOnce: number;
  /** Position from which each catches up; null: a connected socket is all there is. */
  readonly cursor: string | null;
  readonly terminals: readonly Arriving[];
}

export interface Arrival {
  readonly seconds: number;
  readonly p99Ms: number;
}

const PATIENCE_MS = 60_000;

function connectSocket({ port, host }: Fleet, { token }: Arriving): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: PATIENCE_MS,
      extraHeaders: { host },
      ...(token !== null && { auth: { device: token } }),
    });
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => reject(new Error(`a socket was refused: ${error.message}`)));
  });
}

/** Asks over a connection of its own, as each terminal does, what it has missed. */
async function catchUp({ port, host, cursor }: Fleet, { token }: Arriving): Promise<void> {
  if (cursor === null || token === null) return;
  const wire = await Wire.open(port);
  const headers = { host, authorization: `Device ${token}` };
  const { status, body } = await wire.send(requestBytes({ method: 'GET', path: `/api/terminal/changes?since=${cursor}`, headers }));
  wire.close();
  if (status !== 200) throw new Error(`catching up was answered ${status}: ${body}`);
}

/** Connects all and leaves them connected. Gives how long it took until the last one was in sync. */
export async function arrive(fleet: Fleet, connected: Socket[]): Promise<Arrival> {
  const took: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const work = async () => {
    for (let index = next++; index < fleet.terminals.length; index = next++) {
      const terminal = fleet.terminals[index] as Arriving;
      const from = performance.now();
      connected.push(await connectSocket(fleet, terminal));
      await catchUp(fleet, terminal);
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: fleet.atOnce }, work));
  return { seconds: (performance.now() - startedAt) / 1_000, p99Ms: percentile(took, 0.99) };
}
