import { z } from 'zod';
import { instantText, place } from './primitives.js';
import { role } from './roles.js';

/** Demo mode only; otherwise these paths answer 404. */
export const demoSignInPath = '/api/demo/sign-in';
export const demoSignIn = z.strictObject({ role });
export const demoSignInResponse = z.object({ signInUrl: z.string() });
export const demoEnrolmentPath = '/api/demo/enrolments';
export const demoEnrolment = z.strictObject({ place });
export const demoEnrolmentResponse = z.object({ code: z.string(), url: z.string() });
export const demoClockPath = '/api/demo/clock';
/** A month at a time is the most that timers can be run through in one call. */
export const demoClock = z.union([
  z.strictObject({ to: instantText }),
  z.strictObject({
    advanceMs: z
      .int()
      .min(1)
      .max(31 * 86_400_000),
  }),
]);
export const demoClockResponse = z.object({ now: instantText });

/** DATA_DIR/demo.json, mode 0600. */
export const demoFile = z.object({
  origins: z.object({ index: z.string(), cell: z.string(), hall: z.string(), console: z.string() }),
  officers: z.array(z.object({ role, name: z.string(), signInUrl: z.string() })),
  detainees: z.array(z.object({ number: z.string(), name: z.string(), cell: z.string(), bed: z.int(), pin: z.string() })),
  enrolments: z.array(z.object({ place, code: z.string(), url: z.string() })),
});
