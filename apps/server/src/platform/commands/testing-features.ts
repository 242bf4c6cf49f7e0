import type { Clock, Random } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import type { Config } from '../config/index.js';
import type { Keys } from '../crypto/index.js';
import type { Db } from '../db/index.js';
import type { DueJob, Feature, Services } from '../feature.js';
import { createFamilyOf, type Http } from '../http/index.js';
import type { Log } from '../log/index.js';
import { addQueryRoutes } from '../queries/register.js';
import type { SocketServer } from '../realtime/index.js';
import type { BatchContext } from './batch.js';
import { type CommandDoor, createDoor } from './door.js';
import type { ResolveDevice } from './gate.js';
import type { CheckProofs, ResolveOfficer } from './kind.js';
import { addCommandRoutes } from './routes.js';
import { scopedJob, transact } from './scope.js';

/** The job runner as far as features need it. */
export interface JobHandlers {
  handle(kind: string, work: (trx: Parameters<ReturnType<typeof scopedJob<DueJob>>>[0], job: DueJob) => Promise<() => void>): void;
}

export interface ConnectOptions {
  readonly config: Config;
  readonly db: Db;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly keys: Keys;
  readonly http: Http;
  readonly jobs: JobHandlers;
  readonly sockets: SocketServer;
  readonly features: readonly Feature[];
  readonly resolveOfficer: ResolveOfficer;
  readonly resolveDevice: ResolveDevice;
  readonly checkProofs: CheckProofs;
  readonly onParked: BatchContext['onParked'];
  policyAt(db: Db, now: number): Promise<PolicyDocument>;
  /** See `DoorOptions`. */
  readonly lanes?: number;
  readonly queueLimit?: number;
}

export interface Connected {
  readonly door: CommandDoor;
  readonly services: Services;
}

/**
 * For tests of some slices without the whole application: their commands to the door, their queries and routes to HTTP, their jobs to
 * the runner, and the sockets to the server. When HTTP closes, the sockets end first and the door answers what it took.
 */
export async function connectFeatures(options: ConnectOptions): Promise<Connected> {
  const { config, http, features, sockets, resolveOfficer, resolveDevice } = options;
  const context = { ...options, realtime: sockets };
  const door = createDoor({ ...context, kinds: features.flatMap((feature) => feature.commands) });
  const services: Services = {
    config,
    db: options.db,
    clock: options.clock,
    random: options.random,
    log: options.log,
    keys: options.keys,
    realtime: sockets,
    resolveOfficer,
    policyAt: (db, now) => options.policyAt(db, now),
    transact: (work) => transact(context, work),
  };
  addCommandRoutes(http, { door, resolveOfficer, resolveDevice, familyOf: createFamilyOf(config.origins) });
  addQueryRoutes(
    http,
    features.flatMap((feature) => feature.queries),
    options,
  );
  for (const feature of features) {
    for (const job of feature.jobs)
      options.jobs.handle(
        job.kind,
        scopedJob<DueJob>(context, (scope, due) => job.run(scope, due)),
      );
    await feature.routes?.(http, services);
  }
  sockets.attach(http.server, { device: resolveDevice, officer: resolveOfficer });
  http.addHook('preClose', () => sockets.close());
  http.addHook('onClose', () => door.stop());
  return { door, services };
}
