import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What `tsc -b` made; the run compiles before it tests. */
const MAIN = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));

/** The server as an operator starts it, without the demonstration. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** Resolves with all that was said once `words` were, or when the process has ended. */
  until(words: string): Promise<string>;
  /** The exit code, or the signal that ended it. */
  ended(): Promise<number | string>;
}

/** Starts a server with these settings and none of this process's own database or demonstration. The caller stops it. */
export function startProcess(settings: Record<string, string>, node: string = process.execPath): ServerProcess {
  const { DATABASE_URL: _external, DEMO: _demo, ...rest } = process.env;
  const child = spawn(node, [MAIN], { env: { ...rest, LOG_LEVEL: 'info', ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const exit = new Promise<number | string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)));
  const until = (words: string) =>
    new Promise<string>((resolve) => {
      const look = () => said.includes(words) && resolve(said);
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
      void exit.then(() => setTimeout(() => resolve(said), 50));
      look();
    });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, until, ended: () => exit };
}
