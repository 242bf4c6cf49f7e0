import { fastify, type FastifyBaseLogger } from 'fastify';

export type Log = FastifyBaseLogger;

/** The only members that a log line may have. Anything else, and so every name and number of a person, is left out. */
const ALLOWED = new Set([
  'attempts',
  'batch',
  'check',
  'code',
  'count',
  'deviceId',
  'err',
  'event',
  'file',
  'host',
  'jobId',
  'kind',
  'lag',
  'method',
  'ms',
  'pid',
  'port',
  'requestId',
  'route',
  'site',
  'size',
  'status',
  'version',
]);

/** PostgreSQL puts values of rows into its messages; its codes and names of constraints say enough. */
function isDatabaseError(error: object): error is { code: string; constraint?: string; table?: string; routine?: string } {
  return 'severity' in error && 'code' in error;
}

/** What a log line tells of an error: enough to find the fault, nothing of a person. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const stack = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .join('\n');
  if (isDatabaseError(error)) {
    return { type: 'DatabaseError', code: error.code, constraint: error.constraint, table: error.table, routine: error.routine, stack };
  }
  return { type: error.name, message: error.message, stack, ...(error.cause !== undefined && { cause: describeError(error.cause) }) };
}

/** Keeps the allowed members of a line, errors described. */
export function onlyAllowed(line: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(line).filter(([name]) => ALLOWED.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, name === 'err' ? describeError(value) : value]));
}

/** Anything that takes lines of text; standard output where left out. */
export interface LogTarget {
  write(line: string): void;
}

/**
 * Standard output that takes the lines of one turn of the event loop together: under load a write per line costs as much as the rest of
 * the line. What is left is written as the process ends.
 */
export function gatheredOutput(): LogTarget {
  let gathered = '';
  const flush = () => {
    const text = gathered;
    gathered = '';
    if (text !== '') process.stdout.write(text);
  };
  process.once('exit', flush);
  return {
    write(line) {
      if (gathered === '') setImmediate(flush);
      gathered += line;
    },
  };
}

/** The structured log: one JSON line per event. Taken from Fastify, which brings its own pino. */
export function createLog(level: string, stream?: LogTarget): Log {
  return fastify({
    logger: {
      level,
      base: null,
      timestamp: () => `,"at":"${new Date(Date.now()).toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }), log: onlyAllowed },
      // The error is described already; Fastify's own serializer would look for members that are gone.
      serializers: { err: (described: unknown) => described as never },
      ...(stream && { stream }),
    },
  }).log;
}
