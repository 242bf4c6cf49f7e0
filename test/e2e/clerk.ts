import { randomFillSync } from 'node:crypto';
import { request } from 'node:http';
import { newId } from '@sallyport/basics';
import { anomalyView, type BoardCell, type WorkDetail, type WorkRow } from '@sallyport/contracts';
import type { Site } from '../support/site.js';

interface Answer {
  readonly status: number;
  readonly cookie: string | undefined;
  readonly json: unknown;
}
interface Outcome {
  readonly outcome: 'accepted' | 'refused' | 'parked';
  readonly code?: string;
  readonly result?: Record<string, unknown>;
}

const clock = { now: () => Date.now(), monotonic: () => Math.floor(performance.now()) };
const random = { bytes: (array: Uint8Array) => randomFillSync(array) };

/** An officer without a browser: what a story needs done or known, but does not tell. */
export class Clerk {
  private constructor(
    private readonly site: Pick<Site, 'origins' | 'port'>,
    private readonly cookie: string,
  ) {}

  static async signIn(site: Pick<Site, 'origins' | 'port' | 'signInUrl'>, role: string): Promise<Clerk> {
    const token = new URL(await site.signInUrl(role)).hash.slice(1);
    const { cookie = '' } = await new Clerk(site, '').#send('POST', '/api/access/link', { token });
    return new Clerk(site, cookie.split(';')[0] ?? '');
  }

  /** Reads a query of the console. @throws when the answer is not 200. */
  async read<T>(path: string): Promise<T> {
    const { status, json } = await this.#send('GET', path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(json)}`);
    return json as T;
  }

  /** Does a command of an officer and gives its outcome. @throws when the door itself refuses. */
  async act(kind: string, body: unknown): Promise<Outcome> {
    const envelope = { id: newId(clock, random), kind, version: 1, madeAt: new Date().toISOString(), body };
    const { status, json } = await this.#send('POST', `/api/commands/${kind}`, envelope);
    if (status !== 200) throw new Error(`${kind} answered ${status}: ${JSON.stringify(json)}`);
    return json as Outcome;
  }

  /** Asks what the rules say about something that is not yet done, such as a draft. @throws when the answer is not 200. */
  async ask<T>(path: string, body: unknown): Promise<T> {
    const { status, json } = await this.#send('POST', path, body);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(json)}`);
    return json as T;
  }

  async boardCell(cell: string): Promise<BoardCell> {
    const { cells } = await this.read<{ cells: BoardCell[] }>('/api/duty/board');
    const found = cells.find((candidate) => candidate.cell === cell);
    if (!found) throw new Error(`no cell ${cell} on the board`);
    return found;
  }

  async waiting(kind: string, cell: string): Promise<WorkRow[]> {
    return (await this.read<{ rows: WorkRow[] }>(`/api/work-items?kind=${kind}&cell=${cell}&state=waiting`)).rows;
  }

  /** The waiting review of what was missed in a slot. @throws when there is none. */
  async reviewOf(cell: string, slot: string): Promise<WorkDetail> {
    for (const { id } of await this.waiting('duty-review', cell)) {
      const item = await this.read<WorkDetail>(`/api/work-items/${id}`);
      const anomaly = anomalyView.safeParse(item.content?.['anomaly'] ?? item.content);
      if (anomaly.data?.slot === slot) return item;
    }
    throw new Error(`no review of ${slot} in ${cell} waits`);
  }

  /** Lets the terminal in that waits in a cell. */
  async confirmDevice(cell: string, checkValue: string): Promise<void> {
    const [item] = (await this.waiting('device-enrolment', cell)).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    if (!item) throw new Error(`no terminal waits in ${cell}`);
    const answer = await this.act('work.decide', { item: item.id, seenVersion: item.version, verdict: 'approve', input: { checkValue } });
    if (answer.outcome !== 'accepted') throw new Error(`the terminal was not let in: ${answer.code}`);
  }

  /** Takes terminals out of service, all of them or those of some places, so that the next story finds the walls empty. */
  async emptyPlaces(places?: readonly string[]): Promise<void> {
    const { devices } = await this.read<{ devices: { id: string; place: string; state: string }[] }>('/api/devices');
    for (const { id, state, place } of devices)
      if (state === 'active' && (places?.includes(place) ?? true)) await this.act('device.revoke', { device: id, reason: 'end of a story' });
  }

  /** Answers, attends and ends every open alarm, so that a wall of the next story shows no call of the last. */
  async endAlarms(): Promise<void> {
    const { alerts } = await this.read<{ alerts: { id: string }[] }>('/api/alerts/open');
    for (const { id: alert } of alerts) {
      await this.act('alert.acknowledge', { alert });
      await this.act('alert.arrive', { alert });
      await this.act('alert.end', { alert, measure: '已核对', result: '已处置' });
    }
  }

  #send(method: string, path: string, body?: unknown): Promise<Answer> {
    const { host, origin } = new URL(this.site.origins.console);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { host, origin, cookie: this.cookie, ...(text !== undefined && { 'content-type': 'application/json' }) };
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.site.port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const json: unknown = answer === '' ? null : JSON.parse(answer);
          resolve({ status: response.statusCode ?? 0, cookie: response.headers['set-cookie']?.[0], json });
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }
}
