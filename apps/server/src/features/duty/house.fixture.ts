import { type Id, type Instant, must } from '@sallyport/basics';
import type { ProofKind, QueryContract, Role } from '@sallyport/contracts';
import { sql } from 'kysely';
import type { CommandKind, Handled, Incoming, OfficerActor, ProofVerdict } from '../../platform/commands/kind.js';
import { insertTestDevice, standingClock, type TestDevice, testDevice } from '../../platform/commands/testing.js';
import type { Feature } from '../../platform/feature.js';
import { createJobs, createSiteClock, type Jobs, RUN_AT } from '../../platform/jobs/index.js';
import { createLog } from '../../platform/log/index.js';
import { createMetrics } from '../../platform/metrics/index.js';
import type { Query } from '../../platform/queries/query.js';
import { createAlert } from '../alert/index.js';
import { type SiteSize, seedSite } from '../demo/seed/index.js';
import { createWorld, type World } from '../person/world.fixture.js';
import { repair } from '../repair/index.js';
import { createWork } from '../work/index.js';
import { duty, dutyAnomalyAlert, seedRosters, startDuty } from './index.js';

/** Half an hour before the first night slot of a Sunday: 21:00 at the site. */
export const EVENING: Instant = Date.parse('2026-11-22T13:00:00.000Z');
export const FIRST_SLOT = '2026-11-22T21:30';

interface ActOptions {
  readonly id?: Id;
  readonly proof?: ProofVerdict | null;
  /** When the person pressed, by a clock that the server can follow; left out: now. */
  readonly at?: Instant;
  /** False: the device never saw the server since its start. */
  readonly clockKnown?: boolean;
}

/** A seeded site with its duty engine, alerts and queue on a database of its own; time stands until a test moves it. */
export class House {
  readonly features: readonly Feature[];
  readonly devices = new Map<string, TestDevice>();
  jobs!: Jobs;
  /** While true every job fails at its first try, after it has done its work. */
  failsFirst = false;
  private readonly kinds: ReadonlyMap<string, CommandKind>;

  private constructor(readonly world: World) {
    const slices = [createAlert([dutyAnomalyAlert]), duty, repair];
    this.features = [...slices, createWork(slices.flatMap(({ workKinds = [] }) => workKinds))];
    this.kinds = new Map(this.features.flatMap(({ commands }) => commands).map((kind) => [kind.contract.kind, kind]));
  }

  static async create(size: SiteSize = 'county', at: Instant = EVENING): Promise<House> {
    const world = await createWorld();
    world.now = at;
    const house = new House(world);
    await world.transact((scope) => seedSite(scope, size, seedRosters));
    await house.restart();
    await world.transact(startDuty);
    return house;
  }

  /** A new process on the same database: nothing of the old one is left but what is written there. */
  async restart(): Promise<void> {
    const { world } = this;
    const clock = await createSiteClock(world.db, { now: () => world.now, monotonic: () => world.now });
    this.jobs = createJobs({ db: world.db, clock, log: createLog('silent'), metrics: createMetrics() });
    const failed = new Set<Id>();
    for (const { kind, run } of this.features.flatMap(({ jobs }) => jobs))
      this.jobs.handle(kind, async (trx, job) => {
        await run(world.scope(trx), job);
        if (!this.failsFirst || failed.has(job.id)) return;
        failed.add(job.id);
        throw new Error('the first try fails');
      });
  }

  /** Moves time to a moment, running every job at its own time on the way. Terminals listed as there stay heard. */
  async moveTo(target: Instant, hear: readonly string[] = [...this.devices.keys()]): Promise<void> {
    const { world } = this;
    for (;;) {
      await this.jobs.runDue();
      const { rows } = await sql<{
        due: Instant | null;
      }>`select min(${RUN_AT}) as due from job where state = 'waiting' and ${RUN_AT} > ${new Date(world.now)} and ${RUN_AT} <= ${new Date(target)}`.execute(
        world.db,
      );
      world.now = rows[0]?.due ?? target;
      await this.heartbeat(hear);
      if (world.now >= target) break;
    }
    await this.jobs.runDue();
  }

  /** Puts a terminal into each cell and lets it be heard. */
  async addTerminals(cells: readonly string[]): Promise<void> {
    for (const cell of cells) {
      const device = testDevice(standingClock(this.world.now), `cell:${cell}`);
      await insertTestDevice(this.world.db, device, this.world.now);
      this.devices.set(cell, device);
    }
    await this.heartbeat(cells);
  }

  private async heartbeat(cells: readonly string[]): Promise<void> {
    const devices = cells.flatMap((cell) => this.devices.get(cell) ?? []);
    if (devices.length === 0) return;
    await sql`insert into device_health (device, last_seen_at, build, generation, boot_id, last_seq, queued, parked, clock_offset_ms, persisted)
      select id, ${new Date(this.world.now)}, 'test', id, id, 0, 0, 0, 0, true from unnest(${devices.map(({ id }) => id)}::uuid[]) as id
      on conflict (device) do update set last_seen_at = excluded.last_seen_at`.execute(this.world.db);
  }

  async cells(): Promise<string[]> {
    return (await this.world.db.selectFrom('cell').select('number').orderBy('number').execute()).map(({ number }) => number);
  }

  /** Who has the seats of a slot in a cell. */
  async seats(cell: string, slot: string = FIRST_SLOT): Promise<{ person: Id; number: string }[]> {
    return this.world.db
      .selectFrom('duty_seat')
      .innerJoin('person', 'person.id', 'duty_seat.person')
      .select(['person', 'number'])
      .where('duty_seat.cell', '=', cell)
      .where('slot', '=', slot)
      .orderBy('seat')
      .execute();
  }

  /** An officer of the seeded site with this role, for the whole site. */
  async officer(role: Role, nth = 0): Promise<OfficerActor> {
    const rows = await this.world.db.selectFrom('officer').select(['id', 'name']).orderBy('staff_no').execute();
    const row = must(rows[(role.length + nth) % rows.length], 'officer');
    return {
      kind: 'officer',
      id: row.id,
      name: row.name,
      sessionId: this.world.newId(),
      posts: [{ role, blocks: 'all' }],
      steppedUpUntil: this.world.now + 3_600_000,
    };
  }

  incoming(kind: string, actor: Incoming<unknown>['actor'], body: unknown, options: ActOptions = {}): Incoming<unknown> {
    const { now } = this.world;
    const at = options.at ?? now;
    return {
      id: options.id ?? this.world.newId(),
      kind,
      body,
      actor,
      proof: options.proof ?? null,
      claimedAt: at,
      receivedAt: now,
      correctedAt: at,
      skewMs: options.clockKnown === false ? null : 0,
    };
  }

  /** Sends commands of one kind as one batch. */
  async send(kind: string, commands: readonly Incoming<unknown>[]): Promise<readonly Handled<Record<string, unknown>>[]> {
    const found = must(this.kinds.get(kind), kind);
    return this.world.transact((scope) => found.handle(scope, commands as never)) as Promise<readonly Handled<Record<string, unknown>>[]>;
  }

  async asOfficer(actor: OfficerActor, kind: string, body: unknown): Promise<Handled<Record<string, unknown>>> {
    return must((await this.send(kind, [this.incoming(kind, actor, body)]))[0], 'answer');
  }

  deviceActor(cell: string): Incoming<unknown>['actor'] {
    const device = must(this.devices.get(cell), `terminal of ${cell}`);
    return { kind: 'device', id: device.id, place: device.place, cell, state: 'active' };
  }

  proved(person: Id, kind: ProofKind = 'pin'): ProofVerdict {
    return { outcome: 'proved', kind, person };
  }

  async asPerson(
    cell: string,
    person: { person: Id; number: string },
    kind: string,
    body: Record<string, unknown>,
    options: ActOptions = {},
  ): Promise<Handled<Record<string, unknown>>> {
    const command = this.incoming(
      kind,
      this.deviceActor(cell),
      { person: { number: person.number }, ...body },
      { proof: this.proved(person.person), ...options },
    );
    return must((await this.send(kind, [command]))[0], 'answer');
  }

  signIn(cell: string, person: { person: Id; number: string }, options: ActOptions = {}) {
    return this.asPerson(cell, person, 'duty.sign-in', {}, options);
  }

  /** Reads as an officer or a device, checked against the contract as the wire would be. */
  async read<Contract extends QueryContract>(contract: Contract, actor: Incoming<unknown>['actor'], params: unknown = {}, search: unknown = {}) {
    const query = must(
      this.features.flatMap(({ queries }) => queries).find((one: Query) => one.contract.path === contract.path),
      contract.path,
    );
    const { db, now, policy } = this.world;
    const answer = await query.read({ db, now, policy, actor } as never, contract.params.parse(params) as never, contract.search.parse(search) as never);
    return contract.response.parse(answer) as ReturnType<Contract['response']['parse']>;
  }

  anomalies() {
    return this.world.db.selectFrom('duty_anomaly').selectAll().orderBy('at').orderBy('cell').execute();
  }
}
