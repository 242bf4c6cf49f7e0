import { webcrypto } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Random } from '@sallyport/basics';
import { buildApp } from './app.js';
import { auditOrigin, loadAuditKey, verifierOf, verifierText } from './platform/audit/index.js';
import { type Config, readConfig } from './platform/config/index.js';
import { createOpener, KEY_FOLDER, type Keys, loadKeys, type OpenAside, openInThread } from './platform/crypto/index.js';
import type { Db } from './platform/db/index.js';
import { createSiteClock, systemClock } from './platform/jobs/index.js';
import { createLifecycle, endOnFaults, holdToKeys, type Lifecycle, openDatabase, stopOnSignals } from './platform/lifecycle/index.js';
import { createLog, gatheredOutput, type Log } from './platform/log/index.js';
import { createMetrics, measureProcess } from './platform/metrics/index.js';

/** The operating system's chance. */
const systemRandom: Random = { bytes: (array) => webcrypto.getRandomValues(array) };

function configuration(): Config {
  const { values } = parseArgs({ options: { site: { type: 'string' } } });
  return readConfig({ ...process.env, ...(values.site !== undefined && { SITE: values.site }) });
}

/** The keys of this server, made at the first start, where they are those of the database. */
async function siteKeys(config: Config, db: Db): Promise<Keys> {
  const folder = path.join(config.dataDir, KEY_FOLDER);
  const keys = await loadKeys(folder);
  const origin = auditOrigin(config.site);
  const audit = verifierText(verifierOf(origin, await loadAuditKey(config.dataDir, origin)));
  await holdToKeys(db, { server: keys.mark, audit }, folder);
  return keys;
}

function openAside({ dataDir }: Config, keys: Keys, log: Log): OpenAside {
  const onError = (err: unknown) => log.error({ err }, 'commands are opened by the main thread from now on');
  return openInThread({ folder: path.join(dataDir, KEY_FOLDER), fallback: createOpener(keys), onError });
}

async function run(config: Config, lifecycle: Lifecycle, log: Log): Promise<void> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o711 });
  const connection = await openDatabase(config, lifecycle, log);
  const keys = await siteKeys(config, connection.db);
  const clock = await createSiteClock(connection.db, systemClock);
  const metrics = createMetrics();
  measureProcess(metrics);
  const app = await buildApp({
    config,
    log,
    metrics,
    keys,
    openAside: openAside(config, keys, log),
    clock,
    random: systemRandom,
    db: connection.db,
    pool: connection.pool,
  });
  lifecycle.onStop('http and jobs', () => app.stop());
  const [address, ...lines] = await app.start();
  log.info({ event: 'ready', host: address }, 'ready');
  // For the person who started it, not for the log: the lines hold one-time sign-ins.
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** What a person can do something about is told in its own words, without the inside of the program. */
function explain(error: unknown, config: Config | undefined): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${config?.port} is taken by another program. Stop it, or start with another port, for example PORT=8081.`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  let config: Config | undefined;
  let lifecycle: Lifecycle | undefined;
  try {
    config = configuration();
    const log = createLog(config.logLevel, gatheredOutput());
    lifecycle = createLifecycle(log);
    stopOnSignals(lifecycle, log);
    endOnFaults(lifecycle, log);
    await run(config, lifecycle, log);
  } catch (error) {
    process.stderr.write(`${explain(error, config)}\n`);
    await lifecycle?.stop();
    process.exit(1);
  }
}

await main();
