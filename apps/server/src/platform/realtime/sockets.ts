import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { CHANGE_EVENT, UNRECORDED_CALL_EVENT } from '@sallyport/contracts';
import { createAdapter } from '@socket.io/postgres-adapter';
import type { Pool } from 'pg';
import { Server, type Socket } from 'socket.io';
import type { ResolveDevice } from '../commands/gate.js';
import type { ResolveOfficer } from '../commands/kind.js';
import type { Config } from '../config/index.js';
import { createFamilyOf, isOwnOrigin } from '../http/families.js';
import type { Log } from '../log/index.js';
import { Coalescer } from './coalesce.js';
import type { Realtime } from './realtime.js';
import { alarmRooms, deviceRooms, officerRooms } from './rooms.js';

export interface SocketOptions {
  readonly config: Config;
  readonly log: Log;
  /** A pool of its own for passing hints between processes; left out where this process is the only one. */
  readonly pool?: Pool;
}

export interface SocketServer extends Realtime {
  /** Begins to take sockets on the HTTP server's port, on the host names of the terminals and the consoles. */
  attach(server: HttpServer, resolve: { readonly device: ResolveDevice; readonly officer: ResolveOfficer }): void;
  connections(): number;
  close(): Promise<void>;
}

/** Hints of this long go out together: far below what a person notices, far above one commit. */
const GATHER_MS = 30;
/** A dead link is noticed within both together. */
const PING_EVERY_MS = 20_000;
const PING_PATIENCE_MS = 15_000;
const HANDSHAKE_PATIENCE_MS = 10_000;
/** Clients send nothing but the handshake. */
const LONGEST_MESSAGE = 8_192;
/** Attachments of the adapter are larger than NOTIFY takes; ours are not. */
const ADAPTER_HEARTBEAT_MS = 5_000;

async function whoIs(socket: Socket, family: string, resolve: Parameters<SocketServer['attach']>[1]): Promise<string[] | null> {
  if (family === 'cell') {
    const { device: token } = socket.handshake.auth as { device?: unknown };
    const authorization = typeof token === 'string' ? `Device ${token}` : '';
    const session = await resolve.device({ headers: { authorization } }, true);
    return session?.current && session.device.actor.state === 'active' ? deviceRooms(session.device.actor) : null;
  }
  // A locked console stays connected: its alarm strip goes on.
  const officer = await resolve.officer({ headers: { cookie: socket.handshake.headers.cookie } });
  return officer && officerRooms(officer);
}

/** What a socket keeps of its first request is of no use after it was let in, and there are thousands. */
function forgetRequest(socket: Socket): void {
  Object.assign(socket.handshake, { headers: {}, query: {}, auth: {} });
  Object.assign(socket.conn, { request: null });
}

function refuseUnlessOwn(config: Config) {
  const familyOf = createFamilyOf(config.origins);
  return (request: IncomingMessage, decide: (error: string | null | undefined, allowed: boolean) => void) => {
    const family = familyOf(request.headers.host);
    const served = family === 'cell' || family === 'console';
    decide(null, served && isOwnOrigin(request.headers, config.origins, familyOf));
  };
}

/** Socket.IO as a bell: it rings, the truth is fetched by cursor. */
export function createSocketServer({ config, log, pool }: SocketOptions): SocketServer {
  const familyOf = createFamilyOf(config.origins);
  const io = new Server({
    serveClient: false,
    transports: ['websocket', 'polling'],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LONGEST_MESSAGE,
    pingInterval: PING_EVERY_MS,
    pingTimeout: PING_PATIENCE_MS,
    connectTimeout: HANDSHAKE_PATIENCE_MS,
    allowRequest: refuseUnlessOwn(config),
    ...(pool && {
      adapter: createAdapter(pool, {
        heartbeatInterval: ADAPTER_HEARTBEAT_MS,
        errorHandler: (error: Error) => log.warn({ err: error }, 'hints between processes failed; clients catch up by cursor'),
      }),
    }),
  });
  const waiting = new Coalescer();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    for (const { hint, cursor, rooms } of waiting.take()) io.to([...rooms]).emit(CHANGE_EVENT, { topic: hint.topic, cell: hint.cell, cursor });
  };
  return {
    attach(server, resolve) {
      io.use((socket, next) => {
        whoIs(socket, familyOf(socket.handshake.headers.host), resolve).then(
          async (rooms) => {
            if (!rooms) return next(new Error('NOT_SIGNED_IN'));
            await socket.join(rooms);
            forgetRequest(socket);
            next();
          },
          (error: unknown) => {
            log.warn({ err: error }, 'socket refused: its sender could not be looked up');
            next(new Error('UNAVAILABLE'));
          },
        );
      });
      io.attach(server);
    },
    connections: () => io.engine?.clientsCount ?? 0,
    publish(hints, cursor) {
      waiting.add(hints, cursor);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    disconnect({ kind, id }) {
      io.in(`${kind}:${id}`).disconnectSockets(true);
    },
    announceUnrecorded: (call) => void io.to(alarmRooms(call.cell)).emit(UNRECORDED_CALL_EVENT, call),
    async close() {
      clearTimeout(timer);
      io.disconnectSockets(true);
      // Not io.close(), which would also close the HTTP server that others still finish with.
      io.engine?.close();
      await io.of('/').adapter.close();
    },
  };
}
