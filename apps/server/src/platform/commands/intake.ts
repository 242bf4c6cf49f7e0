import { type Instant, stableJson } from '@sallyport/basics';
import {
  actText,
  type DeviceEnvelope,
  deviceEnvelope,
  type OpenEnvelope,
  openEnvelope,
  type Proof,
  type PublicJwk,
  sealedContent,
  signedText,
} from '@sallyport/contracts';
import type { z } from 'zod';
import type { Keys, Opened, SealedCommand, SignedByDevice, Unsealed } from '../crypto/index.js';
import type { ActTimes, Arrival, Prejudged, Refusal } from './arrival.js';
import type { CommandKind, DeviceActor, OfficerActor } from './kind.js';
import { deviceTimes, officerTimes } from './times.js';

/** The one kind that nothing may stop: taken from any device that was ever enrolled, and before everything else (HARD). */
const EMERGENCY = 'alert.call';
/** Name in the audit of what has no readable kind. */
export const UNREADABLE = 'command.unreadable';

export type Definitions = ReadonlyMap<string, CommandKind>;

/** A device as the door met it, with the key of its enrolment. */
export interface KnownDevice {
  readonly actor: DeviceActor;
  /** Null where the key cannot be used: then nothing it signs is proved. */
  readonly publicKey: PublicJwk | null;
}

export interface IntakeContext {
  readonly keys: Keys;
  readonly definitions: Definitions;
  readonly receivedAt: Instant;
  /** Of `POST /api/commands/{kind}`: the kind that the envelope must have. */
  readonly expectedKind?: string;
}

const LONGEST_ID = 64;
const ISSUES_SHOWN = 10;

/** Which fields broke which rules, as words and as facts. */
function issuesRefusal(code: 'ENVELOPE_INVALID' | 'BODY_INVALID', error: z.ZodError): Refusal {
  const issues = error.issues.slice(0, ISSUES_SHOWN).map((issue) => ({ field: issue.path.join('.') || '(whole)', rule: issue.message }));
  return {
    code,
    message: issues
      .map(({ field, rule }) => `${field}: ${rule}`)
      .join('; ')
      .slice(0, 500),
    details: { issues },
  };
}

/** An envelope that cannot be read: answered under whatever id it has, kept under none. */
function unreadable(raw: unknown, sender: Arrival['sender'], receivedAt: Instant, refusal: Refusal): Arrival {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string' ? raw.id.slice(0, LONGEST_ID) : '';
  const times: ActTimes = { claimedAt: receivedAt, receivedAt, correctedAt: receivedAt, skewMs: null };
  return {
    id,
    kind: UNREADABLE,
    version: 1,
    sender,
    orderKey: sender.id,
    emergency: false,
    envelope: null,
    definition: null,
    body: null,
    proof: null,
    actText: '',
    fingerprint: Buffer.alloc(32),
    number: null,
    times,
    prejudged: { go: 'turn-away', refusal },
  };
}

/** Characters that the database cannot hold: NUL and halves of a surrogate pair, as `JSON.stringify` writes them. */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

function bodyText(body: unknown): string | null {
  try {
    const text = stableJson(body);
    return UNSTORABLE.test(text) ? null : text;
  } catch {
    // Nested deeper than the stack reaches.
    return null;
  }
}

interface Content {
  readonly body: unknown;
  readonly proof: Proof | null;
  readonly stop: Prejudged | null;
}
const refuse = (code: Refusal['code'], message: string): Prejudged => ({ go: 'refuse', refusal: { code, message } });

function contentOf(unsealed: Unsealed): Content {
  if (!unsealed.ok && unsealed.why === 'unknown-key')
    return { body: null, proof: null, stop: { go: 'park', error: 'sealed to a key that this server does not have' } };
  if (!unsealed.ok) return { body: null, proof: null, stop: refuse('SEAL_BROKEN', 'The sealed content cannot be opened or belongs to another command.') };
  const content = sealedContent.safeParse(unsealed.content);
  if (!content.success) return { body: null, proof: null, stop: { go: 'refuse', refusal: issuesRefusal('BODY_INVALID', content.error) } };
  return { body: content.data.body, proof: content.data.proof ?? null, stop: null };
}

/** The first thing wrong with kind, version, maker or body; else the checked body. */
function judge(
  command: { kind: string; version: number },
  maker: 'device' | 'officer',
  definition: CommandKind | null,
  body: unknown,
): { prejudged: Prejudged; body: unknown } {
  if (!definition) return { prejudged: refuse('KIND_UNKNOWN', `There is no command kind ${command.kind} here.`), body: null };
  if (definition.contract.version !== command.version)
    return { prejudged: refuse('VERSION_UNSUPPORTED', `${command.kind} is understood in version ${definition.contract.version} only.`), body: null };
  if (definition.contract.maker !== maker)
    return { prejudged: refuse('NOT_ALLOWED', `${command.kind} is not for ${maker === 'device' ? 'a device' : 'an officer'} to send.`), body: null };
  const parsed = definition.contract.body.safeParse(body);
  return parsed.success
    ? { prejudged: { go: 'handle' }, body: parsed.data }
    : { prejudged: { go: 'refuse', refusal: issuesRefusal('BODY_INVALID', parsed.error) }, body: null };
}

interface Contents {
  readonly body: unknown;
  readonly proof: Proof | null;
  readonly stop: Prejudged | null;
  readonly times: ActTimes;
  readonly number: Arrival['number'];
  /** Stands in for a body that could not be opened. */
  readonly substitute: string;
}

function assemble(context: IntakeContext, sender: OfficerActor | DeviceActor, command: OpenEnvelope | DeviceEnvelope, contents: Contents): Arrival {
  const definition = context.definitions.get(command.kind) ?? null;
  const text = contents.body === null ? contents.substitute : bodyText(contents.body);
  const judged =
    text === null
      ? { prejudged: refuse('BODY_INVALID', 'body: is nested too deeply or holds characters that are not text'), body: null }
      : judge(command, sender.kind, definition, contents.body);
  const settled = contents.stop ?? judged.prejudged;
  return {
    id: command.id,
    kind: command.kind,
    version: command.version,
    sender,
    orderKey: sender.kind === 'device' ? (sender.cell ?? sender.id) : sender.id,
    emergency: sender.kind === 'device' && command.kind === EMERGENCY && definition !== null,
    envelope: command,
    definition,
    body: settled.go === 'handle' ? judged.body : null,
    proof: contents.proof,
    actText: actText(command, text ?? ''),
    fingerprint: context.keys.mac('fingerprint', [sender.kind, sender.id, command.kind, command.version, text ?? ''].join('\n')),
    number: contents.number,
    times: contents.times,
    prejudged: settled,
  };
}

function wrongKind(context: IntakeContext, kind: string): Refusal | null {
  if (context.expectedKind === undefined || context.expectedKind === kind) return null;
  return { code: 'ENVELOPE_INVALID', message: `kind: must be ${context.expectedKind}, as in the path` };
}

/** Reads an officer's command. */
export function readOpen(context: IntakeContext, officer: OfficerActor, raw: unknown): Arrival {
  const parsed = openEnvelope.safeParse(raw);
  if (!parsed.success) return unreadable(raw, officer, context.receivedAt, issuesRefusal('ENVELOPE_INVALID', parsed.error));
  const wrong = wrongKind(context, parsed.data.kind);
  if (wrong) return unreadable(raw, officer, context.receivedAt, wrong);
  const command = parsed.data;
  return assemble(context, officer, command, {
    body: command.body,
    proof: null,
    stop: null,
    times: officerTimes(command.madeAt, context.receivedAt),
    number: null,
    substitute: '',
  });
}

/** An emergency call has nothing inside that could be missing: it is taken with a broken seal or signature too, marked. */
function asCall(context: IntakeContext, device: DeviceActor, command: DeviceEnvelope, proved: boolean): Arrival {
  const contents = { body: {}, proof: null, stop: null, times: deviceTimes(command, context.receivedAt), substitute: '' };
  const sender: DeviceActor = proved ? device : { ...device, unproved: true };
  return assemble(context, sender, command, { ...contents, number: proved ? { generation: command.generation, seq: command.seq } : null });
}

function asSealed(context: IntakeContext, actor: DeviceActor, command: DeviceEnvelope, { proved, unsealed }: Opened): Arrival {
  const times = deviceTimes(command, context.receivedAt);
  const number = { generation: command.generation, seq: command.seq };
  if (proved && unsealed) return assemble(context, actor, command, { ...contentOf(unsealed), times, number, substitute: command.sealed });
  const stop: Prejudged = {
    go: 'turn-away',
    refusal: { code: 'SIGNATURE_BROKEN', message: 'The signature is not that of the enrolled device over this envelope.' },
  };
  return assemble(context, actor, command, { body: null, proof: null, stop, times, number: null, substitute: command.sealed });
}

/** How the door checks signatures and opens seals. */
export interface Openers {
  verify(signed: SignedByDevice): boolean;
  /** A promise where it is done aside. */
  open(command: SealedCommand): Opened | Promise<Opened>;
}

/** Reads a device's command: signature first, then the seal, then what is inside. */
export async function readSealed(context: IntakeContext, openers: Openers, { actor, publicKey }: KnownDevice, raw: unknown): Promise<Arrival> {
  const parsed = deviceEnvelope.safeParse(raw);
  if (!parsed.success) return unreadable(raw, actor, context.receivedAt, issuesRefusal('ENVELOPE_INVALID', parsed.error));
  const command = parsed.data;
  const wrong = wrongKind(context, command.kind);
  if (wrong) return unreadable(raw, actor, context.receivedAt, wrong);
  const signed = { device: actor.id, publicKey, text: signedText(command), signature: command.signature };
  if (command.kind === EMERGENCY && context.definitions.has(EMERGENCY)) return asCall(context, actor, command, openers.verify(signed));
  return asSealed(context, actor, command, await openers.open({ ...signed, commandId: command.id, sealed: command.sealed }));
}
