import path from 'node:path';
import type { Audience } from '@sallyport/contracts';
import { z } from 'zod';

/** Sizes of the demo site. */
export const SITES = ['county', 'district', 'city', 'large'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** An external PostgreSQL; undefined starts the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Scheme, host name and port of each app family, as browsers send them in the Origin header. */
  readonly origins: Readonly<Record<Audience, string>>;
  readonly demo: boolean;
  readonly site: (typeof SITES)[number];
}

/** Thrown when the environment is wrong. The message has one line per variable: what is wrong and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

const origin = z
  .string()
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be scheme, host name and port and nothing more. Example: https://cell.site.example',
  );

const environment = z.object({
  HOST: z.string().min(1, 'must not be empty. Leave it out for 127.0.0.1').default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number. Example: 8080')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be at most 65535. Example: 8080')
    .default(8080),
  DATA_DIR: z.string().min(1, 'must not be empty. Leave it out for ./data').default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgresql://. Example: postgresql://user:password@host:5432/sallyport')
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  TLS_CERT_FILE: z.string().min(1, 'must name a PEM file, or be left out').optional(),
  TLS_KEY_FILE: z.string().min(1, 'must name a PEM file, or be left out').optional(),
  CELL_ORIGIN: origin.optional(),
  HALL_ORIGIN: origin.optional(),
  CONSOLE_ORIGIN: origin.optional(),
  DEMO: z.enum(['0', '1'], 'must be 1 (demonstration) or 0').default('0'),
  SITE: z.enum(SITES, `must be one of ${SITES.join(', ')}`).default('county'),
});
type Environment = z.infer<typeof environment>;

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function originsOf(env: Environment): Record<Audience, string> {
  const scheme = env.TLS_CERT_FILE ? 'https' : 'http';
  const usual = (name: Audience) => new URL(`${scheme}://${name}.localhost:${env.PORT}`).origin;
  return { cell: env.CELL_ORIGIN ?? usual('cell'), hall: env.HALL_ORIGIN ?? usual('hall'), console: env.CONSOLE_ORIGIN ?? usual('console') };
}

function contradictions(env: Environment): string[] {
  const found: string[] = [];
  const loopback = isLoopback(env.HOST);
  const hostNames = new Set(Object.values(originsOf(env)).map((text) => new URL(text).hostname));
  if (!env.TLS_CERT_FILE !== !env.TLS_KEY_FILE) {
    found.push('TLS_CERT_FILE and TLS_KEY_FILE belong together: set both to PEM files, or neither.');
  }
  if (!loopback && !(env.TLS_CERT_FILE && env.TLS_KEY_FILE)) {
    found.push(
      `HOST ${env.HOST} can be reached from other machines, and browsers give passkeys, encryption and the offline start to HTTPS only. Set TLS_CERT_FILE and TLS_KEY_FILE, or HOST=127.0.0.1 behind your own HTTPS proxy.`,
    );
  }
  if (hostNames.size < 3) {
    found.push('CELL_ORIGIN, HALL_ORIGIN and CONSOLE_ORIGIN must have three different host names, so that one app cannot reach the storage of another.');
  }
  if (env.DEMO === '1' && !loopback)
    found.push(`DEMO=1 hands out sign-ins to anyone who asks, so HOST must be loopback and not ${env.HOST}. Leave DEMO out, or set HOST=127.0.0.1.`);
  if (env.DEMO === '1' && env.DATABASE_URL)
    found.push('DEMO=1 moves the clock and writes invented people, so it works on the embedded database only. Leave DEMO or DATABASE_URL out.');
  return found;
}

/**
 * Reads the environment. Unknown variables are none of ours; empty text counts as left out.
 * @throws ConfigError naming every wrong variable, its rule and what to do.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`));
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new ConfigError(problems);
  const { HOST, PORT, DATA_DIR, DATABASE_URL, LOG_LEVEL, TLS_CERT_FILE, TLS_KEY_FILE, DEMO, SITE } = parsed.data;
  return {
    host: HOST,
    port: PORT,
    dataDir: path.resolve(DATA_DIR),
    databaseUrl: DATABASE_URL,
    logLevel: LOG_LEVEL,
    tls: TLS_CERT_FILE && TLS_KEY_FILE ? { certFile: TLS_CERT_FILE, keyFile: TLS_KEY_FILE } : undefined,
    origins: originsOf(parsed.data),
    demo: DEMO === '1',
    site: SITE,
  };
}
