import { newId } from '@sallyport/basics';
import { type BodyOf, type CommandContract, type CommandOutcome, commandOutcome, type OpenEnvelope, type ResultOf } from '@sallyport/contracts';
import { ApiFailure, postJson } from './api';

const edge = { now: () => Date.now(), bytes: (array: Uint8Array) => crypto.getRandomValues(array as Uint8Array<ArrayBuffer>) };

/** Waits between the tries of one command, in ms. After the last the officer is told and may try again: the id stays, so nothing happens twice. */
const RETRY_DELAYS_MS = [400, 1_200, 3_000];

export type Outcome<Contract extends CommandContract> = Omit<CommandOutcome, 'result'> & { result?: ResultOf<Contract> };

/** Makes the envelope of an officer's command; its id is made here, once, and stays through every retry. */
export function envelopeOf<Contract extends CommandContract>(contract: Contract, body: BodyOf<Contract>): OpenEnvelope {
  return {
    id: newId(edge, edge),
    kind: contract.kind,
    version: contract.version,
    madeAt: new Date(edge.now()).toISOString(),
    body: body as Record<string, unknown>,
  };
}

function worthRetrying(failure: unknown): boolean {
  return failure instanceof ApiFailure && (failure.status === 0 || failure.status === 429 || failure.status >= 500);
}

/** Sends an envelope until the door has answered it, with the same id at every try. Throws `ApiFailure` when it did not. */
export async function deliver(envelope: OpenEnvelope): Promise<CommandOutcome> {
  for (const delay of [...RETRY_DELAYS_MS, null]) {
    try {
      return commandOutcome.parse(await postJson(`/api/commands/${envelope.kind}`, envelope));
    } catch (failure) {
      if (delay === null || !worthRetrying(failure)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
  throw new ApiFailure(0, 'UNREACHABLE', 'The server cannot be reached.');
}

/** One act of the officer: made, sent, answered. */
export async function send<Contract extends CommandContract>(contract: Contract, body: BodyOf<Contract>): Promise<Outcome<Contract>> {
  return (await deliver(envelopeOf(contract, body))) as Outcome<Contract>;
}
