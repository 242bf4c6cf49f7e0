import { batchOutcome, type CommandContract, commandBatch, commandOutcome, deviceEnvelope, openEnvelope, proof } from '@sallyport/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Family, Http } from '../http/index.js';
import { Problem } from '../http/problem.js';
import { type GateOptions, passGate } from './gate.js';

export interface CommandRouteOptions extends GateOptions {
  familyOf(host: string | undefined): Family;
}

const AUDIENCES = { device: 'cell', officer: 'console' } as const;
/** The door answers each command by itself, so a kind's schema documents the route but does not guard it. */
const documentedOnly = () => (data: unknown) => ({ value: data });
const plainJson = () => (data: unknown) => JSON.stringify(data);

/** What is inside `sealed`, for the reader of the API document (JSON Schema `contentSchema`). */
function sealedContentOf(contract: CommandContract): Record<string, unknown> {
  const content =
    contract.proofs.length > 0
      ? z.strictObject({ body: contract.body, proof: contract.proofRequired ? proof : proof.optional() })
      : z.strictObject({ body: contract.body });
  return z.toJSONSchema(content, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
}

/** The envelope of one kind. */
export function envelopeOf(contract: CommandContract): z.ZodType {
  const head = { kind: z.literal(contract.kind), version: z.literal(contract.version) };
  if (contract.maker === 'officer') return openEnvelope.extend({ ...head, body: contract.body });
  const sealed = deviceEnvelope.shape.sealed.meta({ contentMediaType: 'application/jose', contentSchema: sealedContentOf(contract) });
  return deviceEnvelope.extend({ ...head, sealed });
}

function outcomeOf(contract: CommandContract): z.ZodType {
  return commandOutcome.extend({ result: contract.result.optional() });
}

function describe(contract: CommandContract): string {
  const proofs =
    contract.proofs.length === 0
      ? ''
      : ` Proof of the person: ${contract.proofs.join(', ')}${contract.proofRequired ? '' : ' (taken without one too, marked)'}.`;
  const sender = contract.maker === 'device' ? 'A device signs the envelope and seals the content.' : 'A signed-in officer sends it.';
  return `${contract.summary}. ${sender}${proofs} The same id always gets the first outcome.`;
}

/** Answers of the door that are no outcomes. */
const problems = {
  401: z.unknown().describe('Not signed in, or the device is not active'),
  503: z.unknown().describe('Busy; comes with Retry-After, nothing was changed'),
};

/** `POST /api/commands` and one documented path for every kind. */
export function addCommandRoutes(http: Http, options: CommandRouteOptions): void {
  const audienceOf = (request: FastifyRequest) => {
    const family = options.familyOf(request.headers.host);
    if (family === 'plain') throw new Problem(404, 'WRONG_HOST_NAME', 'Commands are taken on the host names of the apps only.');
    return family;
  };
  http.post(
    '/api/commands',
    {
      config: { audience: ['cell', 'console'] },
      schema: { summary: 'A batch of commands, each answered by itself', tags: ['commands'], body: commandBatch, response: { 200: batchOutcome, ...problems } },
      serializerCompiler: plainJson,
    },
    async (request) => ({ outcomes: await passGate(options, { headers: request.headers, audience: audienceOf(request), commands: request.body.commands }) }),
  );
  for (const { contract } of options.door.definitions.values()) {
    http.post(
      `/api/commands/${contract.kind}`,
      {
        ...(contract.bodyLimit !== undefined && { bodyLimit: contract.bodyLimit }),
        config: { audience: AUDIENCES[contract.maker] },
        schema: {
          summary: contract.summary,
          description: describe(contract),
          tags: ['commands'],
          body: envelopeOf(contract),
          response: { 200: outcomeOf(contract), ...problems },
        },
        validatorCompiler: documentedOnly,
        serializerCompiler: plainJson,
      },
      async (request) => {
        const [outcome] = await passGate(options, {
          headers: request.headers,
          audience: audienceOf(request),
          commands: [request.body],
          expectedKind: contract.kind,
        });
        return outcome;
      },
    );
  }
}
