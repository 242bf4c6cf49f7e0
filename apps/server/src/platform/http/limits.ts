import rateLimit from '@fastify/rate-limit';
import { MINUTE } from '@sallyport/basics';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';
import type { Http, HttpContext } from './types.js';

interface Limit {
  /** Most of them from one address within the time. */
  readonly most: number;
  readonly perMs: number;
}

/*
 * What may be done without a session, per address. A whole block, or all of a site, may sit behind one address: nothing that an honest
 * device or officer does often is counted, and whoever proves a key is let in whatever others behind the same address did before.
 * An emergency call goes to /api/commands with the device's session, ended or not, and meets none of these limits.
 */
export const LIMITS = {
  /** Wrong enrolment codes. An officer who reads one from a console mistypes a few times; a guesser would need 31^4 of them to find one that is open. */
  'enrolment-code': { most: 20, perMs: MINUTE },
  /** Links that are not valid: each is a record in the audit, and nobody has twenty. */
  'access-link': { most: 20, perMs: MINUTE },
  /** Begun sign-ins, each a row in the database. All officers of a shift sign in within minutes, behind one address. */
  'sign-in-begun': { most: 300, perMs: MINUTE },
  /** Sign-ins that failed: each counts against an officer and is a record in the audit. */
  'sign-in-failed': { most: 60, perMs: MINUTE },
  /** Wrong signatures of devices: each is a record in the audit. Past the limit they are told to wait and no longer recorded. */
  'device-signature': { most: 60, perMs: MINUTE },
  /** Challenges. The largest site has 5,000 terminals, which come back together after a power cut; past the limit only enrolled devices are answered. */
  'device-challenge': { most: 6_000, perMs: MINUTE },
} as const satisfies Readonly<Record<string, Limit>>;
export type LimitName = keyof typeof LIMITS;

export interface Limiter {
  /** Seconds to wait when the address has spent its limit; null while it has not. Counts nothing. */
  spent(request: FastifyRequest): Promise<number | null>;
  /** Counts one more. @returns as `spent` did before this one. */
  count(request: FastifyRequest): Promise<number | null>;
  /** @throws Problem 429 with Retry-After when the address has spent its limit. */
  check(request: FastifyRequest): Promise<void>;
  /** The answer to whoever has to wait so many seconds. */
  refusal(seconds: number): Problem;
}
export type Limiters = Readonly<Record<LimitName, Limiter>>;

function refusal(seconds: number): Problem {
  return new Problem(429, 'TOO_MANY_REQUESTS', `Too many tries from this address. Try again in ${seconds} s.`, seconds);
}

/**
 * The house's limits on what needs no session, counted in this process: several processes let through as many times more. Each limit
 * remembers 5,000 addresses (an IPv6 network counts as one); the oldest makes room.
 */
export async function createLimiters(http: Http, { metrics }: HttpContext): Promise<Limiters> {
  await http.register(rateLimit, { global: false });
  const refused = metrics.counter('sallyport_limited_total', 'Requests told to wait, by the limit', ['limit']);
  const limiterOf = (name: LimitName): Limiter => {
    const { most, perMs } = LIMITS[name];
    const ask = http.createRateLimit({ max: most, timeWindow: perMs });
    const secondsOf = async (request: FastifyRequest, increment: boolean): Promise<number | null> => {
      const state = await ask(request, { increment });
      const spent = !state.isAllowed && (increment ? state.isExceeded : state.remaining === 0);
      return spent ? Math.max(1, state.ttlInSeconds) : null;
    };
    const told = (seconds: number) => {
      refused.inc({ limit: name });
      return refusal(seconds);
    };
    return {
      spent: (request) => secondsOf(request, false),
      count: (request) => secondsOf(request, true),
      refusal: told,
      check: async (request) => {
        const seconds = await secondsOf(request, false);
        if (seconds !== null) throw told(seconds);
      },
    };
  };
  return {
    'enrolment-code': limiterOf('enrolment-code'),
    'access-link': limiterOf('access-link'),
    'sign-in-begun': limiterOf('sign-in-begun'),
    'sign-in-failed': limiterOf('sign-in-failed'),
    'device-signature': limiterOf('device-signature'),
    'device-challenge': limiterOf('device-challenge'),
  };
}
