import { type Instant, MINUTE, siteTime } from '@sallyport/basics';
import { defaultPolicy, type PolicyDocument, policyDocument } from '@sallyport/contracts';
import { minuteText } from '@sallyport/basics';

const FIRST_SLOT_MS = 5 * MINUTE;
/** Around the clock the same people meet more often than at noon and night alone. */
const PAIR_LIMIT = 14;

/**
 * The policy of a demo site: duty around the clock, in slots of which one begins at the first whole minute five minutes after the first
 * start, so that the main job can be tried at any hour. Everything else stays at its default.
 */
export function demoPolicy(siteName: string, firstStart: Instant): PolicyDocument {
  const { timeZone } = defaultPolicy.site;
  const first = Math.ceil((firstStart + FIRST_SLOT_MS) / MINUTE) * MINUTE;
  const at = minuteText(siteTime(first, timeZone).minute);
  const { duty } = defaultPolicy;
  return policyDocument.parse({
    ...defaultPolicy,
    site: { name: siteName, timeZone },
    duty: { ...duty, windows: [{ start: at, end: at }], fairness: { ...duty.fairness, pairLimit: PAIR_LIMIT } },
  });
}
