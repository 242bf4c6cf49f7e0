import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process, told apart from a later one with the same number by its start. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque text, equal for the same process only. */
  readonly started: string;
}

const onLinux = process.platform === 'linux';

function linuxStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may itself hold brackets and blanks; the fields count from its last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function otherStart(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The identity of a living process; undefined when it is gone or only waits to be reaped. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = onLinux ? linuxStart(pid) : otherStart(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isSame(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

function linuxProcessesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') && identify(pid) !== undefined;
      } catch {
        return false;
      }
    });
}

function otherProcessesIn(folder: string): number[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes('postgres') && line.includes(`-D ${folder} `)).map((line) => Number.parseInt(line, 10));
}

/** Numbers of the PostgreSQL processes that work in the cluster `folder` (they all have it as their working folder). */
export function postgresProcessesIn(folder: string): number[] {
  return onLinux ? linuxProcessesIn(folder) : otherProcessesIn(folder);
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

const POLL_MS = 50;
/** Orderly stop first, then crash stop (the log repairs it), then the kernel's. */
const STEPS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 5_000],
];

/**
 * Stops what an earlier server left running in the cluster `folder`. `postmaster` is the number in its pid file, if any.
 * @returns how many processes there were.
 */
export async function stopOrphans(folder: string, postmaster: number | undefined): Promise<number> {
  const found = postgresProcessesIn(folder);
  for (const [name, patience] of STEPS) {
    const alive = postgresProcessesIn(folder);
    if (alive.length === 0) return found.length;
    // Only the postmaster knows how to end its own; where it is gone, each must be told.
    signal(postmaster !== undefined && alive.includes(postmaster) ? [postmaster] : alive, name);
    for (let waited = 0; waited < patience && postgresProcessesIn(folder).length > 0; waited += POLL_MS) await sleep(POLL_MS);
  }
  if (postgresProcessesIn(folder).length > 0)
    throw new Error(`PostgreSQL processes from an earlier run in ${folder} do not end. Stop them by hand, then start again.`);
  return found.length;
}
