import { SECOND } from '@sallyport/basics';
import type { AlertRow, CommandOutcome, WorkRow } from '@sallyport/contracts';
import type { Chance } from './chance.js';
import type { Answer, Servers, World } from './servers.js';
import { FAULTS_END, type Officer, START } from './template.js';

/** Officers look at the same moments, so that they really get in each other's way. */
const LOOK_EVERY = 15 * SECOND;
/** So long after the faults they still decide; then what they decided takes effect. */
const UNTIL = FAULTS_END + 20 * SECOND;
const AGAIN_AFTER = 2 * SECOND;
const TRIES = 12;
const ANSWERS_CALL = 0.7;
const HASTY = 0.15;
const DECIDES = 0.5;
const TAKES_BACK = 0.35;
const ENDING = { measure: '到场查看', result: '情况正常' };

/** One command of an officer and what became of it; `unknown`: no answer came however often it was sent. */
export interface OfficerAct {
  readonly officer: string;
  readonly kind: string;
  /** The alert or the work item. */
  readonly target: string;
  readonly at: number;
  readonly outcome: CommandOutcome['outcome'] | 'unknown';
}

/** An officer before a console: sees alerts and reviews, answers, decides and takes back. */
class Console {
  readonly #world: World;
  readonly #servers: Servers;
  readonly #officer: Officer;
  readonly #chance: Chance;
  readonly #host: string;
  readonly #acts: OfficerAct[];
  readonly #seen: Set<string>;

  constructor(world: World, servers: Servers, officer: Officer, acts: OfficerAct[], seen: Set<string>) {
    this.#world = world;
    this.#servers = servers;
    this.#officer = officer;
    this.#acts = acts;
    this.#seen = seen;
    this.#chance = world.chance.fork(`officer ${officer.role}`);
    this.#host = new URL(world.config.origins.console).host;
  }

  plan(): void {
    for (let at = START + LOOK_EVERY; at < UNTIL; at += LOOK_EVERY) this.#world.time.at(at, () => void this.#look());
  }

  async #look(): Promise<void> {
    const open = await this.#get<{ alerts: AlertRow[] }>('/api/alerts/open');
    for (const alert of open?.alerts ?? []) if (alert.kind === 'emergency-call' && this.#chance.happens(ANSWERS_CALL)) void this.#answer(alert);
    const queue = await this.#get<{ rows: WorkRow[] }>('/api/work-items?kind=duty-review');
    for (const item of queue?.rows ?? []) {
      this.#seen.add(item.ref);
      if (item.state === 'open' && this.#chance.happens(DECIDES)) void this.#decide(item);
    }
  }

  async #answer({ id, state }: AlertRow): Promise<void> {
    // Some would end it from the chair.
    if (this.#chance.happens(HASTY)) await this.#act('alert.end', id, { alert: id, ...ENDING });
    else if (state === 'calling') await this.#act('alert.acknowledge', id, { alert: id });
    else if (state === 'acknowledged') await this.#act('alert.arrive', id, { alert: id });
    else await this.#act('alert.end', id, { alert: id, ...ENDING });
  }

  async #decide({ id, version }: WorkRow): Promise<void> {
    const decided = await this.#act('work.decide', id, { item: id, seenVersion: version, verdict: 'end', input: ENDING });
    if (decided?.outcome !== 'accepted' || !this.#chance.happens(TAKES_BACK)) return;
    // Some take it back at the last moment, some too late.
    const { version: seenVersion } = decided.result as { version: number };
    this.#world.time.after(this.#chance.between(1, 12) * SECOND, () => void this.#act('work.undo', id, { item: id, seenVersion }));
  }

  async #get<Body>(path: string): Promise<Body | null> {
    const answer = await this.#deliver('GET', path).catch(() => null);
    return answer?.status === 200 ? (JSON.parse(answer.body) as Body) : null;
  }

  /** Sends a command until it has its answer, as a console does: always under the same id. */
  async #act(kind: string, target: string, body: Record<string, unknown>): Promise<CommandOutcome | null> {
    const { time } = this.#world;
    const id = this.#chance.id(time.now());
    const envelope = JSON.stringify({ id, kind, version: 1, madeAt: new Date(time.now()).toISOString(), body });
    const act = { officer: this.#officer.id, kind, target, at: time.now() };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await this.#deliver('POST', `/api/commands/${kind}`, envelope).catch(() => null);
      if (answer?.status === 200) {
        const outcome = JSON.parse(answer.body) as CommandOutcome;
        this.#acts.push({ ...act, outcome: outcome.outcome });
        return outcome;
      }
      await time.sleep(AGAIN_AFTER);
    }
    this.#acts.push({ ...act, outcome: 'unknown' });
    return null;
  }

  async #deliver(method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> {
    const { work, time, faults, config } = this.#world;
    const headers = { cookie: this.#officer.cookie, origin: config.origins.console, 'content-type': 'application/json' };
    const answer = await work.track(`${method} ${path}`, this.#servers.deliver({ method, path, headers, body }, this.#host, this.#chance));
    // The line of a console breaks after the deed, or only waits.
    if (this.#world.faulty() && faults.has('cut') && this.#chance.happens(0.15)) throw new Error('the line broke');
    await time.sleep(this.#chance.between(1, faults.has('delay') ? 3_000 : 40));
    return answer;
  }
}

/** The officers of a run and everything that they did. */
export class Officers {
  readonly acts: OfficerAct[] = [];
  /** Anomalies that the queue has shown: none of them may ever be gone. */
  readonly seen = new Set<string>();

  constructor(world: World, servers: Servers, officers: readonly Officer[]) {
    for (const officer of officers) new Console(world, servers, officer, this.acts, this.seen).plan();
  }
}
