import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded into a measured process before its program. Answers `probe` from its parent. */
export interface ProbeAnswer {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Longest time in which the event loop did not turn since the last question. */
  readonly stallMs: number;
  readonly cpuMs: number;
}

/** How often the probe looks at the event loop; part of what it measures, so it is taken off. */
const RESOLUTION_MS = 10;
/** Several collections, because what one finalises the next one frees. */
const COLLECTIONS = 4;
const SETTLE_MS = 150;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

async function collect(): Promise<void> {
  const gc = (globalThis as { gc?: () => void }).gc;
  for (let round = 0; round < COLLECTIONS; round += 1) {
    gc?.();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

async function answer(): Promise<ProbeAnswer> {
  const stallMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
  const { user, system } = process.cpuUsage();
  await collect();
  const { rss, heapUsed } = process.memoryUsage();
  delay.reset();
  return { rssBytes: rss, heapBytes: heapUsed, stallMs, cpuMs: (user + system) / 1_000 };
}

const session = new Session();

async function beginProfile(): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
}

async function endProfile(file: string): Promise<void> {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  writeFileSync(file, JSON.stringify(profile));
}

process.on('message', (message: unknown) => {
  if (message === 'probe') void answer().then((probe) => process.send?.({ probe }));
  if (message === 'profile') void beginProfile().then(() => process.send?.({ profiling: true }));
  if (typeof message === 'object' && message && 'endProfile' in message) void endProfile(String(message.endProfile));
});
// A benchmark that is stopped leaves no server and no database behind.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The question channel alone does not keep a process alive that wants to end.
process.channel?.unref();
