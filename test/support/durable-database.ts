import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../apps/server/src/platform/db/index.js';

/** An empty PostgreSQL of its own that a server accepts: the run's shared one does not wait for the disk, which a server refuses. */
export async function startDurablePostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sallyport-durable-'));
  const server = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => undefined, warn: () => undefined },
    onCrash: (message) => {
      throw new Error(message);
    },
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
