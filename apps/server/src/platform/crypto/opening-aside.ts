import { Worker } from 'node:worker_threads';
import { must } from '@sallyport/basics';
import { type OpenAside, type Opened, type Opener, READY, type SealedCommand } from './opening.js';

interface Asked {
  readonly command: SealedCommand;
  resolve(opened: Opened | Promise<Opened>): void;
}

/** Commands of one packet: enough that the packet costs little, few enough that the first need not wait for the last of a whole house. */
const PACKET = 16;

export interface OpeningThreadOptions {
  /** Where the server's keys rest. */
  readonly folder: string;
  /** Does the work where the thread has failed. */
  readonly fallback: Opener;
  readonly onError: (error: unknown) => void;
}

/**
 * Opens commands in a thread of its own: the agreement on the key and the check of the signature are the dearest steps of a command,
 * and the thread that answers requests has enough to do. What comes in one turn of the event loop goes over together.
 * While the thread starts, commands are opened on the spot: a server that comes back answers at once. When it fails, so is everything that
 * waits and all that comes later.
 */
export function openInThread({ folder, fallback, onError }: OpeningThreadOptions): OpenAside {
  const worker = new Worker(new URL('./opening-thread.js', import.meta.url), { workerData: { folder } });
  const packets: Asked[][] = [];
  let gathered: Asked[] = [];
  let failed = false;
  let ready = false;

  const openNow = async (command: SealedCommand) => fallback.open(command);
  const onTheSpot = (asked: readonly Asked[]) => {
    for (const { command, resolve } of asked) resolve(openNow(command));
  };
  const fail = (error: unknown) => {
    if (failed) return;
    failed = true;
    onError(error);
    onTheSpot([...packets.splice(0).flat(), ...gathered.splice(0)]);
  };
  const send = () => {
    const all = gathered;
    gathered = [];
    for (let from = 0; from < all.length; from += PACKET) {
      const packet = all.slice(from, from + PACKET);
      packets.push(packet);
      worker.postMessage(packet.map(({ command }) => command));
    }
  };
  worker.on('message', (opened: readonly Opened[] | typeof READY | null) => {
    if (opened === READY) {
      ready = true;
      return;
    }
    const packet = must(packets.shift(), 'the packet of an answer');
    if (opened === null) return onTheSpot(packet);
    packet.forEach(({ resolve }, index) => resolve(must(opened[index], 'the answer to a command')));
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that opens commands has ended')));
  // It ends with the process and never keeps it.
  worker.unref();
  return (command) => {
    if (failed || !ready) return openNow(command);
    return new Promise((resolve) => {
      if (gathered.push({ command, resolve }) === 1) setImmediate(send);
    });
  };
}
