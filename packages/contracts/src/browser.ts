import { z } from 'zod';

/** Call once before the first check on a page: its content policy forbids making code from text, which the library would otherwise try. */
export function checkWithoutCodeGeneration(): void {
  z.config({ jitless: true });
}
