import { type DeviceEnvelope, signedText } from '@sallyport/contracts';
import { fileKeys, seal } from '@sallyport/offline';
import { Chance } from './chance.js';
import type { HistoryEvent } from './history.js';
import type { Servers, World } from './servers.js';
import type { WallTerminal } from './wall-terminal.js';

/** Terminals whose last act is sent again. */
const TRIED = 3;

type Outcome = Extract<HistoryEvent, { type: 'resent' }>;

/** The terminal's key and the server's, from its disk. */
function identityOf(terminal: WallTerminal): { kept: unknown; sealKey: Parameters<typeof seal>[1] } {
  return terminal.disk.image().find(([table, key]) => table === 'meta' && key === 'identity')?.[2] as ReturnType<typeof identityOf>;
}

async function withOtherBody(terminal: WallTerminal, envelope: DeviceEnvelope): Promise<DeviceEnvelope> {
  const { kept, sealKey } = identityOf(terminal);
  const sealed = await seal({ body: { other: 'body' } }, sealKey, envelope.id);
  return { ...envelope, sealed, signature: await fileKeys.sign(kept, signedText({ ...envelope, sealed })) };
}

/** The last act that has a body: an emergency call has none, so with another one it is still the same call. */
function lastAct({ sent }: WallTerminal): DeviceEnvelope | undefined {
  return ([...sent.values()] as DeviceEnvelope[]).findLast(({ kind }) => kind !== 'alert.call');
}

/** Sends some acts again that have their answer: the same bytes, then the same id with another body (rule C3). */
export async function resendSome(
  world: World,
  servers: Servers,
  terminals: readonly WallTerminal[],
  host: string,
  note: (event: Outcome) => void,
): Promise<void> {
  const chance = new Chance('resend');
  const tried = world.chance
    .fork('resend')
    .shuffled(terminals.filter(({ token }) => token !== null))
    .slice(0, TRIED);
  for (const terminal of tried) {
    const envelope = lastAct(terminal);
    if (!envelope) continue;
    for (const sameBody of [true, false]) {
      const command = sameBody ? envelope : await withOtherBody(terminal, envelope);
      const headers = { 'content-type': 'application/json', authorization: terminal.token ?? '' };
      const request = { method: 'POST', path: '/api/commands', headers, body: JSON.stringify({ commands: [command] }) } as const;
      const answer = await servers.deliver(request, host, chance);
      if (answer.status !== 200) continue;
      const [outcome] = (JSON.parse(answer.body) as { outcomes: Pick<Outcome, 'outcome' | 'code'>[] }).outcomes;
      if (outcome)
        note({
          at: world.time.now(),
          terminal: terminal.name,
          type: 'resent',
          id: envelope.id,
          sameBody,
          outcome: outcome.outcome,
          ...(outcome.code && { code: outcome.code }),
        });
    }
  }
}
