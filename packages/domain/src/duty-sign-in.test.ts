import { MINUTE, SECOND } from '@sallyport/basics';
import { defaultPolicy } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { defaultSlot } from './duty.fixture.js';
import { type ActTime, judgeSignIn, type SignInAttempt, type SignInSituation } from './duty-sign-in.js';

const slot = defaultSlot('2026-11-22T21:30');
const HOUR_LATE = slot.start + 60 * MINUTE;
const situation: SignInSituation = { slot, assigned: ['a', 'b'], signedIn: [], exclusions: [] };

/** A sign-in by `a` that arrives at `receivedAt`, made at `acted` by the server's clock as the device knows it. */
function attempt(receivedAt: number, acted = receivedAt, change: Partial<ActTime> = {}): SignInAttempt {
  return { person: 'a', proof: 'proved', time: { receivedAt, correctedAt: acted, claimedAt: acted, skewMs: 0, ...change } };
}
const judge = (made: SignInAttempt, change: Partial<SignInSituation> = {}) => {
  const verdict = judgeSignIn(made, { ...situation, ...change }, defaultPolicy);
  return verdict.ok ? verdict.value : verdict.error;
};

describe('duty sign-in', () => {
  test.each<[string, number, string]>([
    ['a moment before the window', -10 * MINUTE - 1, 'WINDOW_NOT_OPEN'],
    ['when the window opens', -10 * MINUTE, 'on-time'],
    ['at the start', 0, 'on-time'],
    ['three minutes after', 3 * MINUTE, 'on-time'],
    ['a moment later', 3 * MINUTE + 1, 'late'],
    ['ten minutes after', 10 * MINUTE, 'late'],
    ['after ten minutes', 10 * MINUTE + 1, 'WINDOW_CLOSED'],
  ])("DUTY14: the server's clock decides: %s", (_what, offset, expected) => {
    const verdict = judge(attempt(slot.start + offset));
    expect('state' in verdict ? verdict.state : verdict.code).toBe(expected);
  });

  test('DUTY14: a clock of the device that says otherwise changes nothing about a punctual arrival', () => {
    expect(judge(attempt(slot.start, slot.start - 5 * 60 * MINUTE, { skewMs: 5 * 60 * MINUTE }))).toEqual({
      state: 'on-time',
      at: slot.start,
      review: [],
      anomalies: [],
    });
  });

  test('DUTY15: a late sign-in is taken and is evidence of lateness', () => {
    expect(judge(attempt(slot.start + 4 * MINUTE))).toEqual({ state: 'late', at: slot.start + 4 * MINUTE, review: [], anomalies: ['LATE'] });
  });

  test('DUTY16: made in time off line and received later is late-proved with its own time', () => {
    expect(judge(attempt(HOUR_LATE, slot.start + MINUTE))).toEqual({ state: 'late-proved', at: slot.start + MINUTE, review: [], anomalies: [] });
  });

  test('DUTY16: made late off line is late-proved and late', () => {
    expect(judge(attempt(HOUR_LATE, slot.start + 5 * MINUTE))).toMatchObject({ state: 'late-proved', anomalies: ['LATE'] });
  });

  test.each<[string, number, string]>([
    ['before the window', -11 * MINUTE, 'WINDOW_NOT_OPEN'],
    ['after it', 11 * MINUTE, 'WINDOW_CLOSED'],
  ])('DUTY16: made off line %s stays refused', (_what, offset, code) => {
    expect(judge(attempt(HOUR_LATE, slot.start + offset))).toEqual({ code, anomalies: [] });
  });

  test('DUTY16: an account that lies after the arrival counts as the arrival', () => {
    expect(judge(attempt(slot.start + 4 * MINUTE, slot.start + 30 * MINUTE))).toMatchObject({ state: 'late', at: slot.start + 4 * MINUTE });
  });

  test.each<[string, Partial<ActTime>, string[]]>([
    ['a clock far off', { skewMs: 121 * SECOND }, ['CLOCK_SKEW']],
    ['a clock far behind', { skewMs: -121 * SECOND }, ['CLOCK_SKEW']],
    ['no server time since its start', { correctedAt: null, skewMs: null }, ['CLOCK_UNKNOWN']],
    ['a clock within the limit', { skewMs: 120 * SECOND }, []],
  ])('DUTY17: %s sends a late proof to review', (_what, change, review) => {
    expect(judge(attempt(HOUR_LATE, slot.start, change))).toMatchObject({ state: 'late-proved', review });
  });

  test('DUTY17: a doubtful clock never fails a person by itself', () => {
    const verdict = judge(attempt(HOUR_LATE, slot.start - 60 * MINUTE, { skewMs: 10 * MINUTE }));
    expect(verdict).toMatchObject({ state: 'late-proved', review: ['CLOCK_SKEW'], anomalies: ['LATE'] });
  });

  test.each<[string, number, SignInSituation['silences'], string[]]>([
    ['heard all the time', 60, [], ['TERMINAL_HEARD']],
    ['silent before the act only', 60, [{ from: 0, until: slot.start - MINUTE }], ['TERMINAL_HEARD']],
    ['not even let in', 60, [{ from: 0, until: slot.start + 30 * MINUTE, noTerminal: true }], ['TERMINAL_HEARD']],
    ['silent for a while', 60, [{ from: slot.start + 20 * MINUTE, until: slot.start + 22 * MINUTE }], []],
    ['silent until now', 60, [{ from: slot.start, until: null }], []],
    ['too short to be noticed', 4, [], []],
  ])('DUTY51: an account of being off line is held against what the server heard: %s', (_what, minutes, silences, review) => {
    const made = attempt(slot.start + minutes * MINUTE, slot.start + (minutes === 4 ? 2 * MINUTE + 1 : 0));
    expect(judge(made, silences ? { silences } : {})).toMatchObject({ state: 'late-proved', review });
  });

  test.each<[SignInAttempt['proof'], string]>([
    ['missing', 'PROOF_MISSING'],
    ['wrong', 'PROOF_WRONG'],
    ['locked', 'PROOF_LOCKED'],
  ])('DUTY18: without an own proof nobody is signed in: %s', (proof, code) => {
    expect(judge({ ...attempt(slot.start), proof })).toEqual({ code, anomalies: [] });
  });

  test('DUTY18: only the people of this slot sign in; another proved person is a wrong person', () => {
    expect(judge({ ...attempt(slot.start), person: 'x' })).toEqual({ code: 'NOT_ON_DUTY', anomalies: ['WRONG_PERSON'] });
    expect(judge({ ...attempt(HOUR_LATE), person: 'x' })).toEqual({ code: 'NOT_ON_DUTY', anomalies: [] });
  });

  test.each([
    ['somebody of another slot', { assigned: ['b', 'c'] }, 'NOT_ON_DUTY'],
    ['somebody who is kept off duty now', { exclusions: ['RISK_LEVEL_ONE' as const] }, 'EXCLUDED_FROM_DUTY'],
    ['somebody who is out of the cell now', { exclusions: ['OUT_OF_CELL' as const] }, 'PERSON_OUT_OF_CELL'],
  ])('DUTY53: an act whose time nobody knows accuses nobody: %s', (_what, change, code) => {
    const unknown = attempt(slot.start, slot.start - 30 * 60 * MINUTE, { correctedAt: null, skewMs: null });
    expect(judge(unknown, change)).toEqual({ code, anomalies: [] });
    expect(judge(attempt(slot.start), change)).toMatchObject({ code, anomalies: [expect.any(String)] });
  });

  test('DUTY53: it counts from its arrival, not from a clock that may say any year', () => {
    const unknown = attempt(HOUR_LATE, Date.UTC(2000, 0, 1), { correctedAt: null, skewMs: null });
    expect(judge(unknown)).toMatchObject({ state: 'late-proved', at: HOUR_LATE, review: ['CLOCK_UNKNOWN'], anomalies: ['LATE'] });
  });

  test('DUTY18: the same person signs in once', () => {
    expect(judge(attempt(slot.start), { signedIn: ['a'] })).toEqual({ code: 'ALREADY_SIGNED', anomalies: [] });
    expect(judge(attempt(slot.start), { signedIn: ['b'] })).toMatchObject({ state: 'on-time' });
  });

  test('DUTY19: somebody who may no longer serve is refused and reported', () => {
    expect(judge(attempt(slot.start), { exclusions: ['SELF_HARM_WATCH'] })).toEqual({ code: 'EXCLUDED_FROM_DUTY', anomalies: ['EXCLUDED_PERSON'] });
    expect(judge(attempt(slot.start), { exclusions: ['OUT_OF_CELL'] })).toEqual({ code: 'PERSON_OUT_OF_CELL', anomalies: ['WRONG_PERSON'] });
  });
});
