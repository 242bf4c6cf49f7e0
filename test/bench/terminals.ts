import { type Id, type Instant, MINUTE, newId } from '@sallyport/basics';
import { type DeviceEnvelope, type DeviceSession, dutySignIn, sessionText, signedText } from '@sallyport/contracts';
import type { DutySlot } from '@sallyport/domain';
import { lockedKeys, type SealKey, seal } from '@sallyport/offline';
import { nodeRandom } from '@sallyport/offline/node';
import type { PreparedRequest } from './load/generator.js';
import { requestBytes, Wire } from './load/wire.js';
import type { SiteCell, SitePerson } from './people.js';
import type { BenchSite } from './site.js';

/** Terminals of several cells that open their sessions side by side. */
const CONNECTIONS = 20;

/** A cell's terminal with an open session. */
export interface BenchTerminal {
  readonly cell: SiteCell;
  readonly token: string;
  readonly sealKey: SealKey;
  readonly generation: Id;
  readonly bootId: Id;
}

type SiteParts = Pick<BenchSite, 'port' | 'cellHost' | 'key' | 'now'>;

async function call(site: SiteParts, wire: Wire, path: string, body: unknown): Promise<unknown> {
  const { status, body: text } = await wire.send(
    requestBytes({ path, headers: { host: site.cellHost, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  );
  if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
  return JSON.parse(text);
}

async function openSession(site: SiteParts, wire: Wire, cell: SiteCell): Promise<BenchTerminal> {
  const { nonce } = (await call(site, wire, '/api/device/challenge', { deviceId: cell.device })) as { nonce: string };
  const signature = await lockedKeys.sign(site.key, sessionText(cell.device, nonce));
  const { token, sealKey } = (await call(site, wire, '/api/device/session', { deviceId: cell.device, nonce, signature })) as DeviceSession;
  const now = { now: site.now };
  return { cell, token, sealKey, generation: newId(now, nodeRandom), bootId: newId(now, nodeRandom) };
}

/** Opens the sessions of these cells' terminals, in their order. */
export async function openSessions(site: SiteParts, cells: readonly SiteCell[]): Promise<BenchTerminal[]> {
  const terminals = new Array<BenchTerminal>(cells.length);
  let next = 0;
  const work = async () => {
    const wire = await Wire.open(site.port);
    for (let index = next++; index < cells.length; index = next++) terminals[index] = await openSession(site, wire, cells[index] as SiteCell);
    wire.close();
  };
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS, cells.length) }, work));
  return terminals;
}

interface Act {
  readonly person: SitePerson;
  readonly seq: number;
  readonly at: Instant;
  readonly slot?: DutySlot;
}

/** A sign-in as a terminal makes it: proved by PIN, sealed, numbered, signed. */
export async function signInEnvelope(site: SiteParts, terminal: BenchTerminal, { person, seq, at, slot }: Act): Promise<DeviceEnvelope> {
  const id = newId({ now: () => at }, nodeRandom);
  const ref = { bed: person.bed };
  const content = { body: { person: ref, ...(slot && { slot: slot.key }) }, proof: { kind: 'pin' as const, person: ref, pin: person.pin } };
  const sample = { serverAt: new Date(at - MINUTE).toISOString(), monotonicMs: 1_000 };
  const unsigned = {
    id,
    kind: dutySignIn.kind,
    version: dutySignIn.version,
    madeAt: new Date(at).toISOString(),
    seq,
    generation: terminal.generation,
    clock: { bootId: terminal.bootId, monotonicMs: sample.monotonicMs + MINUTE, sample },
    sealed: await seal(content, terminal.sealKey, id),
  };
  return { ...unsigned, signature: await lockedKeys.sign(site.key, signedText(unsigned)) };
}

function headersOf(site: SiteParts, terminal: BenchTerminal): Record<string, string> {
  return { host: site.cellHost, authorization: `Device ${terminal.token}`, 'content-type': 'application/json' };
}

/** Both sign-ins of every terminal for the slot that is open, one request each: first all the first people, then all the second. */
export async function singleSignIns(site: SiteParts, terminals: readonly BenchTerminal[]): Promise<PreparedRequest[]> {
  const requests: PreparedRequest[] = [];
  for (const seat of [0, 1] as const) {
    for (const terminal of terminals) {
      const envelope = await signInEnvelope(site, terminal, { person: terminal.cell.people[seat], seq: seat + 1, at: site.now() });
      requests.push({ path: `/api/commands/${dutySignIn.kind}`, headers: headersOf(site, terminal), body: JSON.stringify(envelope) });
    }
  }
  return requests;
}

/** What a terminal that was off line for these slots sends when it is back: all their sign-ins in one batch. */
export async function replayedSignIns(site: SiteParts, terminals: readonly BenchTerminal[], slots: readonly DutySlot[]): Promise<PreparedRequest[]> {
  const requests: PreparedRequest[] = [];
  for (const terminal of terminals) {
    const acts = slots.flatMap((slot) => terminal.cell.people.map((person) => ({ person, slot, at: slot.start })));
    const commands: DeviceEnvelope[] = [];
    for (const [index, act] of acts.entries()) commands.push(await signInEnvelope(site, terminal, { ...act, seq: index + 1 }));
    requests.push({ path: '/api/commands', headers: headersOf(site, terminal), body: JSON.stringify({ commands }) });
  }
  return requests;
}
