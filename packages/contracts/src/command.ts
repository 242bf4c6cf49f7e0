import { z } from 'zod';
import type { ProofKind } from './envelope.js';

/** Who may send a kind: a place-bound device for the people before it, or a signed-in officer. */
export type Maker = 'device' | 'officer';

export interface CommandContract<Kind extends string = string, Body extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly kind: Kind;
  readonly version: number;
  readonly maker: Maker;
  /** What an operator reads in the API document. */
  readonly summary: string;
  readonly body: Body;
  readonly result: Answer;
  /** Proof kinds this act accepts; empty when the act needs no person's proof. */
  readonly proofs: readonly ProofKind[];
  /** False where a wrong proof does not refuse: the act arrives marked "identity not proved" (decision 23). */
  readonly proofRequired: boolean;
  /** Most bytes of a request of this kind, where a file comes with it; undefined for what a person types. */
  readonly bodyLimit: number | undefined;
}

interface Definition<Kind extends string, Body extends z.ZodType, Answer extends z.ZodType> {
  kind: Kind;
  summary: string;
  maker: Maker;
  body: Body;
  result?: Answer;
  version?: number;
  proofs?: readonly ProofKind[];
  proofRequired?: boolean;
  bodyLimit?: number;
}

/** Declares a command kind: what crosses the wire. Its access, audit and effect stand in the server. */
export function defineCommand<const Kind extends string, Body extends z.ZodType, Answer extends z.ZodType = z.ZodObject<Record<never, never>>>(
  definition: Definition<Kind, Body, Answer>,
): CommandContract<Kind, Body, Answer> {
  const { kind, summary, maker, body, version = 1, proofs = [] } = definition;
  return {
    kind,
    summary,
    maker,
    body,
    version,
    proofs,
    bodyLimit: definition.bodyLimit,
    proofRequired: definition.proofRequired ?? proofs.length > 0,
    result: definition.result ?? (z.object({}) as unknown as Answer),
  };
}
export type BodyOf<Contract extends CommandContract> = z.infer<Contract['body']>;
export type ResultOf<Contract extends CommandContract> = z.infer<Contract['result']>;
