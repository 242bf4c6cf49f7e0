import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds in a clock tick of Linux's /proc. */
const TICK_MS = 10;

interface Process {
  readonly parent: number;
  /** Own time and that of its ended children. */
  readonly ms: number;
}

function readProcess(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold anything; numbers follow its end.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { parent: Number(fields[1]), ms: ticks * TICK_MS };
  } catch {
    // It ended meanwhile, or this is no Linux.
    return null;
  }
}

/** Processor time of a process so far; 0 where the system does not tell. */
export function cpuOf(pid: number | undefined): number {
  return pid === undefined ? 0 : (readProcess(pid)?.ms ?? 0);
}

/** Processor time so far of a process and those that it started, such as a PostgreSQL with its sessions. */
export function cpuOfFamily(pid: number): number {
  let all: string[];
  try {
    all = readdirSync('/proc');
  } catch {
    return 0;
  }
  const children = all.flatMap((name) => {
    const found = /^\d+$/.test(name) ? readProcess(Number(name)) : null;
    return found?.parent === pid ? [found.ms] : [];
  });
  return children.reduce((sum, ms) => sum + ms, cpuOf(pid));
}
