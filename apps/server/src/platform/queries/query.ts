import type { Instant } from '@sallyport/basics';
import type { PolicyDocument, QueryContract } from '@sallyport/contracts';
import type { Permission } from '@sallyport/domain';
import type { z } from 'zod';
import type { Actor, AuditSubject, DeviceActor, OfficerActor } from '../commands/kind.js';
import type { Keys } from '../crypto/index.js';
import type { Db } from '../db/index.js';

export interface QueryScope<Who extends Actor> {
  readonly db: Db;
  readonly now: Instant;
  readonly policy: PolicyDocument;
  readonly keys: Keys;
  readonly actor: Who;
}

interface Base<Contract extends QueryContract> {
  readonly contract: Contract;
}

/** What the audit says about a look: as about a command, and what then stood on the officer's screen. */
export interface ViewSubject extends AuditSubject {
  /** Names of the parts of the answer that are sensitive, never their values. */
  readonly shown?: readonly string[];
}

/** A read for officers: the permission, and what the audit notes when the read shows sensitive data (null: not sensitive). */
export interface OfficerQuery<Contract extends QueryContract> extends Base<Contract> {
  readonly by: 'officer';
  /** `session`: any signed-in officer. Of several permissions any one will do. */
  readonly permission: Permission | readonly [Permission, ...Permission[]] | 'session';
  /** Also answered while the console is locked (alarms only). */
  readonly whileLocked?: boolean;
  audit: ((params: z.infer<Contract['params']>, search: z.infer<Contract['search']>) => ViewSubject | null) | null;
  read(
    scope: QueryScope<OfficerActor>,
    params: z.infer<Contract['params']>,
    search: z.infer<Contract['search']>,
  ): Promise<z.input<Contract['response']> | null>;
}

/** A read for a device: only about its own place. */
export interface DeviceQuery<Contract extends QueryContract> extends Base<Contract> {
  readonly by: 'device';
  read(scope: QueryScope<DeviceActor>, params: z.infer<Contract['params']>, search: z.infer<Contract['search']>): Promise<z.input<Contract['response']> | null>;
}

export type Query = OfficerQuery<QueryContract> | DeviceQuery<QueryContract>;

/** Keeps the types of one query while the registry holds queries of every shape. A read that finds nothing answers null: 404. */
export function officerQuery<Contract extends QueryContract>(query: Omit<OfficerQuery<Contract>, 'by'>): Query {
  return { ...query, by: 'officer' } as unknown as Query;
}
export function deviceQuery<Contract extends QueryContract>(query: Omit<DeviceQuery<Contract>, 'by'>): Query {
  return { ...query, by: 'device' } as unknown as Query;
}
