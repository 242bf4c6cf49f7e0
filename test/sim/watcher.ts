import type { Connection } from '@sallyport/server';
import { changesSince } from '../../apps/server/src/platform/realtime/index.js';
import type { FinalState, Finding } from './history.js';

/** One look at the feed: from where on, what it told, and where the next look begins. */
interface Look {
  readonly since: bigint;
  readonly cursor: bigint;
  readonly reset: boolean;
  readonly told: ReadonlySet<string>;
}

const nameOf = (topic: string, cell: string | null) => `${topic} ${cell ?? ''}`;

/** Follows the whole feed as a console does that sees every cell, at the moments when commits are held up, so that it looks between them. */
export class Watcher {
  #cursor: string | undefined;
  #current: Promise<void> | null = null;
  readonly #looks: Look[] = [];

  /** Looks once; not while another look is under way, and a look that the faults cut is no look. */
  async look(db: Connection['db']): Promise<void> {
    if (this.#current) return;
    this.#current = this.#read(db);
    try {
      await this.#current;
    } catch {
      // The database was cut, or the process died: the next look begins at the same place.
    } finally {
      this.#current = null;
    }
  }

  /**
   * Looks when all is quiet: after whatever look is still under way, and not in vain. The very first look only learns where the feed
   * stands, and that is behind whatever runs anywhere in the cluster: what lies between is told by the second.
   * @throws when the feed cannot be read.
   */
  async lookAtLast(db: Connection['db']): Promise<void> {
    await this.#current?.catch(() => undefined);
    if (this.#cursor === undefined) await this.#read(db);
    await this.#read(db);
  }

  async #read(db: Connection['db']): Promise<void> {
    const { changes, cursor, reset } = await changesSince(db, this.#cursor);
    const told = new Set(changes.map(({ topic, cell }) => nameOf(topic, cell)));
    this.#looks.push({ since: BigInt(this.#cursor ?? 0), cursor: BigInt(cursor), reset, told });
    this.#cursor = cursor;
  }

  /** C10: whatever was committed is told to who follows the feed, in the order in which it became visible. */
  findings({ changes }: Pick<FinalState, 'changes'>): Finding[] {
    const known = (xid: bigint, name: string) => this.#looks.some(({ since, cursor, reset, told }) => (reset ? xid < cursor : since <= xid && told.has(name)));
    return changes
      .filter(({ xid, topic, cell }) => !known(BigInt(xid), nameOf(topic, cell)))
      .map(({ xid, topic, cell }) => ({ rule: 'C10', what: `who followed the feed never heard of ${nameOf(topic, cell)} in transaction ${xid}` }));
  }
}
