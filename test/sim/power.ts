import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type Connection, connectDatabase } from '@sallyport/server';
import type pg from 'pg';

/** What happens to one statement. `cut…` ends every connection: before the statement left, while it is under way, or after it was done. */
export type Fate = 'go' | 'cut-before' | 'cut-during' | 'cut-after' | 'fail';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether the transaction has given commands their outcomes. */
  readonly answersCommands: boolean;
}

export interface Verdict {
  readonly fate: Fate;
  /** Done in place of the mere cut, at its moment: the end of the whole process. */
  readonly blow?: () => void;
}
/** Decides the fate of each statement; may wait for real milliseconds first. */
export type Tap = (statement: Statement) => Promise<Verdict>;

/** Connections of one server process that can lose them at any statement, and with them its life. */
export interface Power extends Connection {
  /** Cuts every connection; new ones can be made. */
  cut(): void;
  /** Cuts every connection for good, as a killed process does. */
  kill(): void;
}

type Query = (text: unknown, values?: unknown, callback?: unknown) => unknown;
interface Wire {
  query: Query;
  readonly connection: { readonly stream: { destroy(): void } };
}

class CutError extends Error {
  constructor() {
    super('Connection terminated');
  }
}

/** A statement that the database refuses whatever it says, so that the transaction breaks as it does on a real fault. */
const BROKEN = 'select 1 / 0';

export function connectThrough(url: string, name: string, tap: Tap): Power {
  const connection = connectDatabase({ url, applicationName: name, maxConnections: 10, onError: () => undefined });
  const wires = new Set<Wire>();
  let dead = false;
  const cut = () => {
    for (const wire of wires) wire.connection.stream.destroy();
    wires.clear();
  };
  const rewire = (client: pg.PoolClient) => {
    const wire = client as unknown as Wire;
    if (wires.has(wire)) return client;
    wires.add(wire);
    const send = wire.query.bind(wire);
    let answersCommands = false;
    wire.query = (text, values, callback) => {
      if (typeof callback === 'function' || typeof values === 'function' || typeof text !== 'string') return send(text, values, callback);
      if (/^begin/i.test(text)) answersCommands = false;
      if (/\binsert into command /i.test(text)) answersCommands = true;
      return perform(wire, send, { text, values: (values as unknown[] | undefined) ?? [], answersCommands });
    };
    return client;
  };
  const perform = async (wire: Wire, send: Query, statement: Statement): Promise<unknown> => {
    if (dead) throw new CutError();
    const { fate, blow = cut } = await tap(statement);
    if (dead || !wires.has(wire)) throw new CutError();
    if (fate === 'fail') return send(BROKEN, []);
    if (fate === 'cut-before') {
      blow();
      throw new CutError();
    }
    const done = send(statement.text, statement.values) as Promise<unknown>;
    if (fate === 'go') return done;
    if (fate === 'cut-after') await done;
    else {
      done.catch(() => undefined);
      await nextTurn();
    }
    blow();
    throw new CutError();
  };
  const pool = connection.pool as unknown as { connect(callback?: unknown): unknown };
  const connect = pool.connect.bind(pool);
  pool.connect = (callback) => {
    if (typeof callback === 'function') return connect(callback);
    if (dead) return Promise.reject(new CutError());
    return (connect() as Promise<pg.PoolClient>).then(rewire);
  };
  return {
    ...connection,
    cut,
    kill: () => {
      dead = true;
      cut();
    },
    close: async () => {
      dead = true;
      await Promise.race([connection.close().catch(() => undefined), sleep(1_000)]);
    },
  };
}
