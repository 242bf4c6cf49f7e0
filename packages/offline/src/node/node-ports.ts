import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { webcrypto } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import type { Clock, Random } from '@sallyport/basics';
import { fileKeys, seal } from '../crypto.js';
import type { HintSource, Leader, Net, Ports, Timers, Witness } from '../ports.js';
import { FileStore } from './file-store.js';

export const nodeClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
export const nodeRandom: Random = { bytes: (array) => webcrypto.getRandomValues(array as Uint8Array<ArrayBuffer>) };

const timers: Timers = {
  after(ms, task) {
    const handle = setTimeout(task, ms);
    return () => clearTimeout(handle);
  },
};

/**
 * Requests to `origin`. Node's resolver does not know `*.localhost`, so those names go to 127.0.0.1 with their own Host header; for that
 * `node:http` is needed, `fetch` does not let the header be set.
 */
export function nodeNet(origin: string): Net {
  const url = new URL(origin);
  const hostname = url.hostname.endsWith('.localhost') ? '127.0.0.1' : url.hostname;
  const client = url.protocol === 'https:' ? https : http;
  return ({ method, path: target, headers, body, timeoutMs, signal }) =>
    new Promise((resolve, reject) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      const sending = client.request(
        {
          hostname,
          port: url.port,
          path: target,
          method,
          headers: { ...headers, host: url.host },
          servername: url.hostname,
          signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), retryAfter: response.headers['retry-after'] ?? null }),
          );
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
}

function witness(folder: string): Witness {
  const file = path.join(folder, 'witness');
  return {
    read() {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return null;
      }
    },
    write: (text) => writeFileSync(file, text, { mode: 0o600 }),
  };
}

/** One process is one syncer; a command-line device has no other pages. */
export function soleLeader(): Leader {
  return {
    lead(task) {
      const stop = new AbortController();
      void task(stop.signal);
      return () => stop.abort();
    },
    ring: () => undefined,
    onRing: () => () => undefined,
  };
}

/** No socket: whoever uses this asks by cursor. */
export const noHints: HintSource = { open: () => () => undefined };

/** All ports of a device that runs in Node: a folder instead of IndexedDB, the same outbox, seal and sync. */
export async function nodePorts(origin: string, folder: string): Promise<Ports> {
  const store = await FileStore.open(folder);
  return {
    clock: nodeClock,
    random: nodeRandom,
    net: nodeNet(origin),
    timers,
    store,
    witness: witness(folder),
    keys: fileKeys,
    seal,
    leader: soleLeader(),
    hints: noHints,
    async storageHealth() {
      const { bavail, bsize } = await statfs(folder);
      return { persisted: true, freeBytes: bavail * bsize };
    },
  };
}
