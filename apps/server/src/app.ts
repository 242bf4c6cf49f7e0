import type { Random } from '@sallyport/basics';
import { addFeatureRoutes, listFeatures } from './features.js';
import { createResolveOfficer } from './features/access/index.js';
import { announceStart, type CreateEnrolment, prepareSite } from './features/demo/index.js';
import { announceParked, createResolveDevice, makeEnrolment } from './features/device/index.js';
import { seedRosters } from './features/duty/index.js';
import { createCheckProofs } from './features/person/index.js';
import { policyAt } from './features/policy/index.js';
import { announceStuckJob } from './features/repair/index.js';
import { auditNotReady, auditOrigin, createSequencer, loadAuditKey, measureAudit, type Sequencer } from './platform/audit/index.js';
import { addCommandRoutes, type CommandDoor, createDoor, scopedJob, transact, type TransactionContext } from './platform/commands/index.js';
import type { Config } from './platform/config/index.js';
import type { Keys, OpenAside } from './platform/crypto/index.js';
import { type Connection, connectDatabase } from './platform/db/index.js';
import type { Feature, Services } from './platform/feature.js';
import { createFamilyOf, createHealth, createHttp, createWebBuild, type Health, type Http } from './platform/http/index.js';
import { createJobs, type Jobs, type SiteClock } from './platform/jobs/index.js';
import type { Log } from './platform/log/index.js';
import { measureDoor, type Metrics, measurePool } from './platform/metrics/index.js';
import { addQueryRoutes } from './platform/queries/index.js';
import { createSocketServer, type SocketServer } from './platform/realtime/index.js';

/** Everything that the application is given from outside; tests and the simulator give their own. */
export interface Context extends Pick<Connection, 'db' | 'pool'> {
  readonly config: Config;
  readonly clock: SiteClock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly keys: Keys;
  /** Opens devices' commands elsewhere than in this thread. */
  readonly openAside?: OpenAside;
  /** The folder with the built web apps, where not the house's own. */
  readonly apps?: string;
}

export interface App {
  readonly http: Http;
  readonly jobs: Jobs;
  readonly health: Health;
  readonly door: CommandDoor;
  readonly features: readonly Feature[];
  readonly services: Services;
  readonly sequencer: Sequencer;
  /** Listens and begins to run due jobs. @returns what the operator has to read, the address first. */
  start(): Promise<string[]>;
  /** Answers what has begun, refuses what is new, then ends the jobs. */
  stop(): Promise<void>;
}

const DATABASE_PATIENCE_MS = 1_500;

/** Whether the database answers a trivial question in time. */
async function databaseState(context: Context): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('the database does not answer'), DATABASE_PATIENCE_MS);
  });
  const asked = context.pool.query('select 1').then(
    () => undefined,
    () => 'the database cannot be reached',
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** LISTEN holds one for good, NOTIFY takes one for a moment, and one more cleans up. */
const HINT_CONNECTIONS = 3;

/** Connections for hints between processes, apart from those of requests: neither waits for the other. None where this process is the only one. */
function connectHints({ config, log }: Context): Connection | undefined {
  if (config.databaseUrl === undefined) return undefined;
  const onError = (error: Error) => log.warn({ err: error }, 'a connection for hints broke');
  return connectDatabase({ url: config.databaseUrl, applicationName: 'sallyport-hints', maxConnections: HINT_CONNECTIONS, onError });
}

function createServices(context: Context, realtime: SocketServer): { services: Services; transactions: TransactionContext } {
  const { config, db, clock, random, log, keys } = context;
  const transactions: TransactionContext = { db, clock, random, keys, realtime, policyAt };
  const secure = config.origins.console.startsWith('https:');
  const services: Services = {
    config,
    db,
    clock,
    random,
    log,
    keys,
    realtime,
    policyAt,
    resolveOfficer: createResolveOfficer({ db, clock, keys, policyAt, secure }),
    transact: (work) => transact(transactions, work),
  };
  return { services, transactions };
}

async function createAuditLog({ config, db, metrics, log }: Context, health: Health): Promise<Sequencer> {
  const origin = auditOrigin(config.site);
  health.register('audit', () => auditNotReady(db));
  measureAudit(metrics, db);
  return createSequencer({
    db,
    origin,
    key: await loadAuditKey(config.dataDir, origin),
    onError: (error) => log.error({ err: error }, 'audit log could not be extended'),
  });
}

function createCountedDoor({ config, log, metrics, openAside }: Context, transactions: TransactionContext, features: readonly Feature[]): CommandDoor {
  const measure = measureDoor(metrics);
  const door = createDoor({
    ...transactions,
    log,
    ...(openAside && { openAside }),
    kinds: features.flatMap(({ commands }) => commands),
    checkProofs: createCheckProofs(config.origins.cell),
    onParked: announceParked,
    onBatch: measure.onBatch,
  });
  return measure.counted(door);
}

/** The composition root: everything is built here and nowhere else. */
export async function buildApp(context: Context): Promise<App> {
  const { config, db, clock, random, log, metrics, keys } = context;
  const health = createHealth();
  health.register('database', () => databaseState(context));
  measurePool(metrics, context.pool);
  const sequencer = await createAuditLog(context, health);
  const hints = connectHints(context);
  const realtime = createSocketServer({ config, log, ...(hints && { pool: hints.pool }) });
  const { services, transactions } = createServices(context, realtime);
  await prepareSite(services, seedRosters);

  const jobs = createJobs({ ...context, onStuck: scopedJob(transactions, announceStuckJob) });
  const resolveDevice = createResolveDevice({ db, clock, keys });
  const createEnrolment: CreateEnrolment = (scope, place) => makeEnrolment(scope, config.origins, { id: scope.newId(), place, replaces: null, by: null });
  const cellBuild = createWebBuild('cell', context.apps);
  const latestBuild = () => cellBuild.app()?.build ?? null;
  const features = listFeatures({ config, clock, jobs, resolveDevice, createEnrolment, latestBuild });
  for (const { kind, run } of features.flatMap((feature) => feature.jobs)) jobs.handle(kind, scopedJob(transactions, run));
  const door = createCountedDoor(context, transactions, features);
  const http = await createHttp({ config, log, metrics, health }, context.apps);
  const resolvers = { resolveOfficer: services.resolveOfficer, resolveDevice };
  addCommandRoutes(http, { door, familyOf: createFamilyOf(config.origins), ...resolvers });
  addQueryRoutes(
    http,
    features.flatMap(({ queries }) => queries),
    { db, clock, random, keys, policyAt, ...resolvers },
  );
  await addFeatureRoutes(features, http, services);
  realtime.attach(http.server, { device: resolveDevice, officer: services.resolveOfficer });
  return {
    http,
    jobs,
    health,
    door,
    features,
    services,
    sequencer,
    start: async () => {
      const address = await http.listen({ host: config.host, port: config.port });
      sequencer.start();
      jobs.start();
      return [address, ...(await announceStart(services, createEnrolment))];
    },
    stop: async () => {
      await realtime.close();
      await http.close();
      await door.stop();
      await jobs.stop();
      await sequencer.stop();
      await hints?.close();
    },
  };
}
