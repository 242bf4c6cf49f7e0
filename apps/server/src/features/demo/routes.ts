import { DAY, SECOND } from '@sallyport/basics';
import {
  demoClock,
  demoClockPath,
  demoClockResponse,
  demoEnrolment,
  demoEnrolmentPath,
  demoEnrolmentResponse,
  demoSignIn,
  demoSignInPath,
  demoSignInResponse,
} from '@sallyport/contracts';
import type { Services } from '../../platform/feature.js';
import { type Http, Problem } from '../../platform/http/index.js';
import { placeExists } from '../device/index.js';
import { type ClockParts, moveClock } from './clock.js';
import type { CreateEnrolment } from './file.js';
import { demoSignInOf } from './sign-in.js';

const tags = ['demo'];
/** A target so little in the past is "now": the caller read the clock a moment ago. */
const JUST_NOW_MS = 5 * SECOND;

/** As for `advanceMs` in the contract. */
const MOST_MS = 31 * DAY;

/** The doors of the demonstration. They exist in demo mode only; otherwise nothing answers here. */
export function addDemoRoutes(http: Http, services: Services, parts: ClockParts & { readonly createEnrolment: CreateEnrolment }): void {
  const { config, transact } = services;
  const signIn = { summary: 'A one-time address that signs in as a post', tags, body: demoSignIn, response: { 200: demoSignInResponse } };
  http.post(demoSignInPath, { schema: signIn }, async ({ body }) => ({
    signInUrl: await transact((scope) => demoSignInOf(scope, body.role, config.origins.console)),
  }));
  const enrolments = { summary: 'A one-time enrolment code for a place', tags, body: demoEnrolment, response: { 200: demoEnrolmentResponse } };
  http.post(demoEnrolmentPath, { schema: enrolments }, async ({ body }) => {
    if (!(await placeExists(services.db, body.place))) throw new Problem(404, 'NOT_FOUND', `There is no place ${body.place} in this house.`);
    const { code, url } = await transact((scope) => parts.createEnrolment(scope, body.place));
    return { code, url };
  });
  const clock = { summary: "Moves the site's clock ahead, timers included", tags, body: demoClock, response: { 200: demoClockResponse } };
  http.post(demoClockPath, { schema: clock }, async ({ body }) => {
    const before = parts.clock.now();
    const target = 'to' in body ? Date.parse(body.to) : before + body.advanceMs;
    if (target < before - JUST_NOW_MS)
      throw new Problem(409, 'CLOCK_BACKWARDS', `The site's clock stands at ${new Date(before).toISOString()} and never goes backwards.`);
    if (target > before + MOST_MS) throw new Problem(400, 'CLOCK_TOO_FAR', 'The clock moves at most 31 days at a time.');
    const now = await moveClock(parts, target);
    await transact(async (scope) => scope.hint({ topic: 'time', cell: null }));
    return { now: new Date(now).toISOString() };
  });
}
