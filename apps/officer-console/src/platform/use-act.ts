import type { BodyOf, CommandContract } from '@sallyport/contracts';
import { useCallback, useState } from 'react';
import { ApiFailure } from './api';
import { envelopeOf, deliver, type Outcome } from './commands';

/** What became of an act: `code` is a refusal code, `UNREACHABLE` or another transport code; screens show its text. */
export type ActState =
  | { readonly state: 'idle' }
  | { readonly state: 'sending' }
  | { readonly state: 'problem'; readonly code: string; readonly details: Record<string, unknown> };

/**
 * One act of the officer with its state. A sensitive act that needs a fresh proof asks for it by `stepUp` and is sent again:
 * as a new command, because the door keeps the first answer of an id for ever.
 */
export function useAct<Contract extends CommandContract>(contract: Contract, stepUp?: () => Promise<void>) {
  const [act, setAct] = useState<ActState>({ state: 'idle' });
  const run = useCallback(
    async (body: BodyOf<Contract>): Promise<Outcome<Contract> | null> => {
      setAct({ state: 'sending' });
      try {
        let outcome = await deliver(envelopeOf(contract, body));
        if (outcome.code === 'STEP_UP_NEEDED' && stepUp) {
          await stepUp();
          outcome = await deliver(envelopeOf(contract, body));
        }
        setAct(outcome.outcome === 'accepted' ? { state: 'idle' } : { state: 'problem', code: outcome.code ?? 'PARKED', details: outcome.details ?? {} });
        return outcome as Outcome<Contract>;
      } catch (failure) {
        setAct({ state: 'problem', code: failure instanceof ApiFailure ? failure.code : 'STEP_UP_NEEDED', details: {} });
        return null;
      }
    },
    [contract, stepUp],
  );
  const clear = useCallback(() => setAct({ state: 'idle' }), []);
  return { act, run, clear };
}
