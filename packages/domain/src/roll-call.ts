import { addDays, err, type Instant, instantOf, ok, type Result, SECOND, siteTime } from '@sallyport/basics';
import type { PolicyDocument, RefusalCode } from '@sallyport/contracts';

/** The two rounds of a roll call: the second calls only those whom the first missed. All instants; ends are outside. */
export interface RollCallTimes {
  readonly first: { readonly from: Instant; readonly until: Instant };
  readonly second: { readonly from: Instant; readonly until: Instant };
}

/** Where a roll call stands in a cell. `pause` lies between the rounds, `over` after them. */
export type RollCallPhase = 'before' | 'first' | 'pause' | 'second' | 'over';

export interface RollCallAnswer {
  readonly person: string;
  /** When the person answered, by the server's clock. */
  readonly at: Instant;
}

type Policy = Pick<PolicyDocument, 'rollCall'>;

/** The starts of the scheduled roll calls in [from, until), in order (ROLL1). */
export function rollCallStarts(from: Instant, until: Instant, policy: Policy & Pick<PolicyDocument, 'site'>): Instant[] {
  const zone = policy.site.timeZone;
  const starts: Instant[] = [];
  for (let date = siteTime(from, zone).date; instantOf(date, 0, zone) < until; date = addDays(date, 1)) {
    starts.push(...policy.rollCall.times.map((clock) => instantOf(date, Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)), zone)));
  }
  return starts.filter((start) => start >= from && start < until).sort((a, b) => a - b);
}

export function rollCallTimes(startedAt: Instant, policy: Policy): RollCallTimes {
  const round = policy.rollCall.roundSeconds * SECOND;
  const again = startedAt + round + policy.rollCall.betweenRoundsSeconds * SECOND;
  return { first: { from: startedAt, until: startedAt + round }, second: { from: again, until: again + round } };
}

/** The phase at an instant. A cell whose people have all answered is over at once (ROLL2). */
export function rollCallPhase(times: RollCallTimes, missing: number, now: Instant): RollCallPhase {
  if (now < times.first.from) return 'before';
  if (missing === 0 || now >= times.second.until) return 'over';
  if (now < times.first.until) return 'first';
  return now < times.second.from ? 'pause' : 'second';
}

/** Who has to answer and has not by an instant, in the order given. People out of the cell are expected by nobody (ROLL3). */
export function missingAt(expected: readonly string[], answers: readonly RollCallAnswer[], now: Instant): string[] {
  const present = new Set(answers.filter((answer) => answer.at <= now).map((answer) => answer.person));
  return expected.filter((person) => !present.has(person));
}

/**
 * The verdict on an answer made at `at` (by the server's clock; for a terminal that was off line the corrected time). Once the call is
 * open an answer counts until its end, between the rounds too: whoever is there is there..
 */
export function judgeRollCallAnswer(
  times: RollCallTimes,
  answer: RollCallAnswer,
  expected: readonly string[],
  answers: readonly RollCallAnswer[],
): Result<{ round: 1 | 2 }, { code: RefusalCode }> {
  if (answer.at < times.first.from || answer.at >= times.second.until) return err({ code: 'ROLL_CALL_NOT_OPEN' });
  if (!expected.includes(answer.person)) return err({ code: 'NOT_FOUND' });
  if (answers.some((earlier) => earlier.person === answer.person)) return err({ code: 'ALREADY_DONE' });
  return ok({ round: answer.at < times.first.until ? 1 : 2 });
}

/** What is to be raised when a cell's roll call is over: missing people, or a silent terminal, which is not the same (ROLL5). */
export function rollCallOutcome(times: RollCallTimes, missing: readonly string[], terminalSilent: boolean, now: Instant): 'none' | 'missing' | 'offline' {
  if (now < times.second.until || missing.length === 0) return 'none';
  return terminalSilent ? 'offline' : 'missing';
}
