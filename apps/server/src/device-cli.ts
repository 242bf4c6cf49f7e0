import { type Clock, SECOND } from '@sallyport/basics';
import { type CommandOutcome, proof as proofSchema } from '@sallyport/contracts';
import { Terminal } from '@sallyport/offline';
import { nodePorts } from '@sallyport/offline/node';

/** How long a command waits for its answer before it says "saved": a person at a shell still looks on. */
const PATIENCE = 10 * SECOND;
const LONGEST_PAUSE = 2 * SECOND;

export interface DeviceCliOptions {
  /** Origin of the cell terminals' host name. */
  readonly origin: string;
  /** Folder of this device's identity and outbox. */
  readonly folder: string;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

export const DEVICE_USAGE = `usage: npm run --silent device -- [--dir FOLDER] COMMAND
  enrol CODE       makes a key and enrols with a one-time code; prints the check value for the officer
  send KIND JSON   makes a command; JSON is its body, with an optional member "proof"; prints the outcome
  home             prints what the idle screen of the place shows
  sync             sends what waits; prints the outcomes
  status           prints who this device is and what waits
Exit code: 0 answered or saved, 1 not possible, 2 used wrongly.`;

type Step = (terminal: Terminal, args: readonly string[], options: DeviceCliOptions) => Promise<number>;

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Sends until nothing waits, `done` says so, the line is down or patience ends. */
async function sendAll(terminal: Terminal, clock: Clock, done: () => boolean): Promise<void> {
  const until = clock.monotonic() + PATIENCE;
  while (clock.monotonic() < until && !done()) {
    const wait = await terminal.syncOnce();
    const { online } = terminal.connection.get();
    if (done() || wait === Number.POSITIVE_INFINITY || !online) return;
    await pause(Math.min(wait, LONGEST_PAUSE));
  }
}

const enrol: Step = async (terminal, [code], { print }) => {
  if (code === undefined) return 2;
  const result = await terminal.enrol(code);
  if (!result.ok) {
    print(JSON.stringify({ error: result.error }));
    return 1;
  }
  const { checkValue, place, deviceId, state, siteName } = result.value;
  print(JSON.stringify({ checkValue, place, state, deviceId, siteName }));
  return 0;
};

/** The body and the proof of the JSON argument, or null when it is neither. */
function readBody(text: string): { body: Record<string, unknown>; proof: unknown } | null {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const { proof, ...body } = value as Record<string, unknown>;
    return { body, proof };
  } catch {
    return null;
  }
}

const send: Step = async (terminal, [kind, json = '{}'], { print, clock }) => {
  const content = readBody(json);
  if (kind === undefined || content === null) return 2;
  const proof = content.proof === undefined ? undefined : proofSchema.safeParse(content.proof);
  if (proof?.success === false) {
    print(JSON.stringify({ error: 'proof', message: proof.error.message }));
    return 2;
  }
  const act = await terminal.act(terminal.draft(kind, content.body), proof?.data);
  if (!act.ok) {
    print(JSON.stringify({ error: act.error }));
    return 1;
  }
  let outcome: CommandOutcome | undefined;
  void act.value.outcome.then((answer) => {
    outcome = answer;
  });
  await sendAll(terminal, clock, () => outcome !== undefined);
  const { id, seq } = act.value.saved;
  print(JSON.stringify(outcome ?? { id, outcome: 'saved', seq, queued: terminal.outbox.summary.get().queued }));
  return 0;
};

const home: Step = async (terminal, _args, { print }) => {
  await terminal.refreshHome();
  const cached = terminal.home.get();
  const state = terminal.identity.get()?.state ?? 'not-enrolled';
  print(JSON.stringify(cached?.view ?? { error: state === 'active' ? 'offline' : state }));
  return cached === null ? 1 : 0;
};

const sync: Step = async (terminal, _args, { print, clock }) => {
  const waiting = new Set(terminal.outbox.summary.get().items.flatMap(({ id, state }) => (state === 'saved' ? [id] : [])));
  await sendAll(terminal, clock, () => terminal.outbox.summary.get().queued === 0);
  await terminal.heartbeat();
  const { items, queued } = terminal.outbox.summary.get();
  const answered = items.filter(({ id, state }) => waiting.has(id) && state !== 'saved' && state !== 'sent');
  print(
    JSON.stringify({ queued, answered: answered.map(({ id, kind, seq, state, code }) => ({ id, kind, seq, outcome: state, ...(code !== null && { code }) })) }),
  );
  return 0;
};

const status: Step = (terminal, _args, { print }) => {
  const identity = terminal.identity.get();
  const { queued, lastSeq, generation, oldestQueuedAt, full } = terminal.outbox.summary.get();
  const device = identity && { deviceId: identity.deviceId, place: identity.place, state: identity.state, checkValue: identity.checkValue };
  print(JSON.stringify({ device, queued, lastSeq, generation, oldestQueuedAt, full }));
  return Promise.resolve(0);
};

const steps: Readonly<Record<string, Step>> = { enrol, send, home, sync, status };

/** A terminal from the command line, through the real offline package: key, outbox, seal, sync. Returns the exit code. */
export async function deviceCli(args: readonly string[], options: DeviceCliOptions): Promise<number> {
  const [name = '', ...rest] = args;
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  const ports = step && (await nodePorts(options.origin, options.folder));
  const terminal =
    ports && (await Terminal.open(ports, { build: 'device-cli', urgent: ['alert.call', 'alert.withdraw'], screen: 'none', userAgent: 'device-cli' }));
  const code = step && terminal ? await step(terminal, rest, options) : 2;
  if (code === 2) options.print(DEVICE_USAGE);
  return code;
}
