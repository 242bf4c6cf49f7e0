import { z } from 'zod';
import { blockNo } from './primitives.js';

/** The posts an officer can hold. The three administrators exclude one another and hold no business right. */
export const role = z.enum([
  'cell-officer',
  'control-room',
  'medical',
  'reception',
  'finance',
  'leadership',
  'prosecutor',
  'system-admin',
  'security-admin',
  'audit-admin',
]);
export type Role = z.infer<typeof role>;

/** A role within some blocks. `all` is the whole site. */
export const post = z.object({ role, blocks: z.union([z.literal('all'), z.array(blockNo).min(1).max(99)]) });
export type Post = z.infer<typeof post>;
