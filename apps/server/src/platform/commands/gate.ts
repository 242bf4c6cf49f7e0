import type { IncomingHttpHeaders } from 'node:http';
import type { Audience, CommandOutcome } from '@sallyport/contracts';
import { Problem } from '../http/problem.js';
import type { Settled } from './arrival.js';
import { BusyError, type CommandDoor } from './door.js';
import type { KnownDevice } from './intake.js';
import type { ResolveOfficer } from './kind.js';

/** A device's session as the request showed it. Given by the device feature; null where no session can be read at all. */
export interface DeviceSessionSeen {
  readonly device: KnownDevice;
  /** False when the session has ended: then only an emergency call is taken. */
  readonly current: boolean;
}
/**
 * `fresh` reads the device anew; without it a state some moments old may be given, which the door checks again inside its transaction.
 * Past `patienceMs` the database counts as one that cannot be asked.
 */
export type ResolveDevice = (request: { readonly headers: IncomingHttpHeaders }, fresh?: boolean, patienceMs?: number) => Promise<DeviceSessionSeen | null>;

export interface GateOptions {
  readonly door: CommandDoor;
  readonly resolveOfficer: ResolveOfficer;
  readonly resolveDevice: ResolveDevice;
}

export interface CommandRequest {
  readonly headers: IncomingHttpHeaders;
  readonly audience: Audience;
  readonly commands: readonly unknown[];
  readonly expectedKind?: string;
}

const EMERGENCY = 'alert.call';
/** So long a call waits for the database to say whose it is; then its token says so. The rest of the second is for its transaction. */
const CALL_PATIENCE_MS = 300;

function isCall(command: unknown): boolean {
  return typeof command === 'object' && command !== null && 'kind' in command && command.kind === EMERGENCY;
}

const SESSION_ENDED = () => new Problem(401, 'NOT_SIGNED_IN', 'Open a session at /api/device/session, then send the same commands again. Nothing was changed.');
const DEVICE_CODES = { active: 'DEVICE_REVOKED', revoked: 'DEVICE_REVOKED', refused: 'DEVICE_REFUSED', waiting: 'DEVICE_WAITING' } as const;
const DEVICE_ENDED = (state: keyof typeof DEVICE_CODES) =>
  new Problem(401, DEVICE_CODES[state], 'This device is not active here. Keep the commands and call an officer. Nothing was changed.');

/** The outcomes, or 401 for the whole request where the device may send nothing; calls among them are taken and answered all the same. */
function outcomesOf(settled: readonly Settled[], state: keyof typeof DEVICE_CODES = 'revoked'): CommandOutcome[] {
  const outcomes = settled.flatMap((one) => (one.kind === 'outcome' ? [one.outcome] : []));
  if (outcomes.length === 0) throw DEVICE_ENDED(state);
  return outcomes;
}

async function deviceCommands(options: GateOptions, request: CommandRequest): Promise<CommandOutcome[]> {
  const began = performance.now();
  const session = await options.resolveDevice(request, false, request.commands.some(isCall) ? CALL_PATIENCE_MS : undefined);
  if (!session) throw SESSION_ENDED();
  const { device, current } = session;
  const mayAct = current && device.actor.state === 'active';
  const calls = mayAct ? [] : request.commands.filter(isCall);
  // Of a device that has ended the first command goes on to be refused and audited; the others say nothing new.
  const taken = mayAct ? request.commands : calls.length > 0 ? calls : current ? request.commands.slice(0, 1) : [];
  if (taken.length === 0) throw current || device.actor.state !== 'active' ? DEVICE_ENDED(device.actor.state) : SESSION_ENDED();
  const spentMs = performance.now() - began;
  return outcomesOf(await options.door.fromDevice(device, taken, { expectedKind: request.expectedKind, spentMs }), device.actor.state);
}

async function officerCommands(options: GateOptions, request: CommandRequest): Promise<CommandOutcome[]> {
  const officer = await options.resolveOfficer(request);
  if (!officer) throw new Problem(401, 'NOT_SIGNED_IN', 'Sign in on the console first. Nothing was changed.');
  if (officer.locked) throw new Problem(423, 'SESSION_LOCKED', 'The console is locked. Unlock it first. Nothing was changed.');
  return outcomesOf(await options.door.fromOfficer(officer, request.commands, request.expectedKind));
}

const BUSY_TEXTS: Readonly<Record<BusyError['reason'], string>> = {
  overloaded: 'More commands wait than can be done soon. Nothing was changed; send them again later.',
  unavailable: 'The database cannot be reached. Send the same commands again later; each still takes effect once.',
  stopping: 'The server is stopping. Send the same commands again later.',
};

/**
 * Sends a request's commands through the door as whoever sent it.
 * @throws Problem 401, 423 or 503 with Retry-After; then nothing was changed (on 503 `unavailable` perhaps it was: the same ids tell).
 */
export async function passGate(options: GateOptions, request: CommandRequest): Promise<CommandOutcome[]> {
  try {
    return await (request.audience === 'cell' ? deviceCommands(options, request) : officerCommands(options, request));
  } catch (error) {
    if (error instanceof BusyError) throw new Problem(503, error.reason.toUpperCase(), BUSY_TEXTS[error.reason], error.retryAfter);
    throw error;
  }
}
