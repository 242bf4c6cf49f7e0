import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { HERE, ROOT } from './root.js';
import type { ProbeAnswer } from './probe.js';

/** A first start makes a database; on a loaded machine that takes its time. */
const START_PATIENCE_MS = 120_000;
const STOP_PATIENCE_MS = 30_000;

export interface StartOptions {
  /** Program below the root of the workspace. */
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words on the output after which the program is ready. */
  readonly ready: string;
}

/** A server in a process of its own that can be asked about its memory and its event loop. */
export interface Running {
  readonly child: ChildProcess;
  /** Its own words so far, for a failing benchmark. */
  output(): string;
  /** Memory after a forced collection and the longest stall of the event loop since the last question. */
  probe(): Promise<ProbeAnswer>;
  /** Takes a CPU profile from now until the returned function is called, which has it written to `file`. */
  profile(file: string): Promise<() => void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<void>;
}

const PROBE = path.join(HERE, 'probe.js');

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));
}

function within<Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1_000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Resolves once the words were said; rejects when the process ends before. */
function said(child: ChildProcess, words: string, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => output().includes(words) && resolve();
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
    void ended(child).then(() => reject(new Error(`the program ended before it was ready\n${output()}`)));
  });
}

function askProbe(child: ChildProcess): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const take = (message: unknown) => {
      const answer = (message as { probe?: ProbeAnswer }).probe;
      if (!answer) return;
      child.off('message', take);
      resolve(answer);
    };
    child.on('message', take);
    child.send('probe', (error) => error && reject(error));
  });
}

/** Starts a program and waits until it is ready. */
export async function start({ program, env = {}, ready }: StartOptions): Promise<Running> {
  const { DATABASE_URL: _external, DEMO: _demo, ...rest } = process.env;
  const child = fork(path.join(ROOT, program), [], {
    cwd: ROOT,
    env: { ...rest, ...env },
    execArgv: ['--expose-gc', `--import=${PROBE}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-20_000)));
  const output = () => text;
  await within(START_PATIENCE_MS, 'the start', said(child, ready, output));
  return {
    child,
    output,
    probe: () => within(STOP_PATIENCE_MS, 'the probe', askProbe(child)),
    profile: async (file) => {
      // To begin takes a second of the processor, which is none of what is measured.
      await new Promise<void>((resolve) => {
        child.once('message', () => resolve());
        child.send('profile');
      });
      return () => void child.send({ endProfile: file });
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await within(STOP_PATIENCE_MS, 'the stop', ended(child));
    },
  };
}
