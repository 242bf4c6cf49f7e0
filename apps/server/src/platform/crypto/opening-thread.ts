import { parentPort, workerData } from 'node:worker_threads';
import { must } from '@sallyport/basics';
import { loadKeys } from './keys.js';
import { createOpener, READY, type SealedCommand } from './opening.js';

/*
 * The thread that checks signatures and opens seals. It reads the server's keys itself, so that no secret travels, and answers each
 * packet of commands with one packet, in order.
 */

const port = must(parentPort, 'the thread that started this one');
const opener = createOpener(await loadKeys((workerData as { readonly folder: string }).folder));

function answer(commands: readonly SealedCommand[]): void {
  try {
    port.postMessage(commands.map((command) => opener.open(command)));
  } catch {
    // Something that cannot be sent, such as content nested without end: whoever asked does it on the spot and meets the same fault.
    port.postMessage(null);
  }
}

port.on('message', answer);
port.postMessage(READY);
