import { z } from 'zod';
import { defineCommand } from './command.js';
import { policyDocument } from './policy.js';
import { id, instantText, reason } from './primitives.js';
import { defineQuery } from './query.js';

export const policyChange = defineCommand({
  kind: 'policy.change',
  summary: 'A new version of the whole policy, with a reason, from a date on; a sensitive act',
  maker: 'officer',
  body: z.strictObject({ document: policyDocument, effectiveFrom: instantText, reason, basedOn: z.int() }),
  result: z.object({ version: z.int() }),
});
export const policyVersion = z.object({
  version: z.int(),
  id,
  effectiveFrom: instantText,
  reason: z.string(),
  by: z.string().nullable(),
  at: instantText,
  changes: z.array(z.object({ path: z.string(), from: z.string(), to: z.string() })),
});
export const policyCurrent = defineQuery({
  path: '/api/policy',
  audience: 'console',
  summary: 'The policy in force, those to come and those that were',
  /** `document` is in force; a new version builds on `newest`, which may not be in force yet. */
  response: z.object({
    current: z.int(),
    document: policyDocument,
    newest: z.object({ version: z.int(), document: policyDocument }),
    schema: z.record(z.string(), z.unknown()),
    versions: z.array(policyVersion),
  }),
});
