import pg from 'pg';

/** A text that was sent so often is one of the program's hot statements and no list whose length changes. */
const HOT_AFTER = 30;
/** Statements that one connection keeps at most; each takes some tens of KiB of its memory in the database. */
const MOST_PREPARED = 128;
/** Texts counted at once; when there are more, counting begins anew. */
const MOST_COUNTED = 2_000;
/** Routine of PostgreSQL that finds a prepared statement whose tables have changed their shape. */
const STALE_PLAN = 'RevalidateCachedQuery';

/** Whether a statement failed only because a migration changed its tables since it was prepared. */
export function isStalePlan(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'routine' in error && error.routine === STALE_PLAN;
}

/** Gives names to the statements that come often, so that the database parses and plans them once per connection. */
export class StatementNames {
  #counts = new Map<string, number>();
  #names = new Map<string, string>();
  #given = 0;

  /** The name under which to prepare this text; undefined while it is not worth it. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MOST_PREPARED) return known;
    const count = (this.#counts.get(text) ?? 0) + 1;
    if (count < HOT_AFTER) {
      if (this.#counts.size >= MOST_COUNTED) this.#counts.clear();
      this.#counts.set(text, count);
      return undefined;
    }
    this.#counts.delete(text);
    const name = `hot-${(this.#given += 1)}`;
    this.#names.set(text, name);
    return name;
  }

  /** Forgets all names: what was prepared before is never used again. */
  renew(): void {
    this.#names.clear();
  }
}

type Send = (this: pg.Client, ...given: readonly unknown[]) => Promise<pg.QueryResult>;
const send = pg.Client.prototype.query as unknown as Send;

/** A kind of connections that prepare what comes often, with one list of names for all of them. */
export function preparingClient(names = new StatementNames()): typeof pg.Client {
  return class extends pg.Client {
    // `never` fits each of pg's overloads: only a text with its values is looked at, everything else goes on as it came.
    override query(...given: readonly unknown[]): never {
      const [text, values, callback] = given;
      const name = typeof text === 'string' && Array.isArray(values) && callback === undefined ? names.nameOf(text) : undefined;
      if (name === undefined) return send.apply(this, [...given]) as never;
      return send.call(this, { name, text, values }).catch((error: unknown) => {
        if (isStalePlan(error)) names.renew();
        throw error;
      }) as never;
    }
  };
}
