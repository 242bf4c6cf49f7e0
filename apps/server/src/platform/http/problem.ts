import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Log } from '../log/index.js';

/** An answer outside the 200s that a route gives on purpose. Its message is public: what is wrong and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
    /** Seconds after which the same request may succeed. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** A field that broke a rule. */
interface FieldIssue {
  readonly field: string;
  readonly rule: string;
}

/** The body of every answer that is not a success. `requestId` finds the lines of the log. */
export interface ProblemBody {
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  readonly fields?: readonly FieldIssue[];
}

/** Codes for what Fastify itself refuses before a handler runs. */
const FASTIFY_CODES: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'MEDIA_TYPE_UNSUPPORTED', 'Send the body as application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'BODY_TOO_LARGE', 'The body is larger than this route takes. Send fewer or smaller items.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'BODY_MISSING', 'Send a JSON body.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'BODY_NOT_JSON', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'BODY_LENGTH_WRONG', 'The body is not as long as its Content-Length says.'],
};

function fieldsOf(error: FastifyError): FieldIssue[] | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const part = error.validationContext ?? 'body';
  return error.validation.slice(0, 20).map((issue) => ({
    field: `${part}${issue.instancePath.replaceAll('/', '.')}`,
    rule: issue.message ?? 'is not valid',
  }));
}

function answerFor(error: FastifyError): readonly [number, string, string] {
  if (error instanceof Problem) return [error.statusCode, error.code, error.message];
  const known = FASTIFY_CODES[error.code];
  if (known) return known;
  if (error instanceof SyntaxError) return [400, 'BODY_NOT_JSON', 'The body is not valid JSON.'];
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return [error.statusCode, 'REQUEST_INVALID', 'The request is not valid.'];
  return [500, 'INTERNAL', 'The server could not do this. Nothing was changed; try again, and tell the operator this request id if it stays.'];
}

/** Turns anything thrown into the public answer. What is inside a fault goes to the log only. */
export function createErrorHandler(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const fields = fieldsOf(error);
    const [status, code, message] = fields
      ? ([400, 'REQUEST_INVALID', `${fields.map(({ field, rule }) => `${field}: ${rule}`).join('; ')}. Correct these fields and send again.`] as const)
      : answerFor(error);
    if (status >= 500) log.error({ err: error, requestId: request.id, code }, 'request failed');
    if (error instanceof Problem && error.retryAfter !== undefined) void reply.header('retry-after', String(error.retryAfter));
    const body: ProblemBody = { code, message, requestId: request.id, ...(fields && { fields }) };
    void reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);
  };
}
