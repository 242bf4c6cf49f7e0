import { MINUTE } from '@sallyport/basics';
import { defaultPolicy } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { shown } from './duty.fixture.js';
import { judgeRollCallAnswer, missingAt, rollCallOutcome, rollCallPhase, rollCallStarts, rollCallTimes } from './roll-call.js';

const start = shown('2026-11-22T21:15');
const times = rollCallTimes(start, defaultPolicy);
const at = (minutes: number) => start + minutes * MINUTE;

describe('roll call', () => {
  test('ROLL1: every day at the times of the policy', () => {
    expect(rollCallStarts(shown('2026-11-22T06:46'), shown('2026-11-23T21:15'), defaultPolicy)).toEqual([shown('2026-11-22T21:15'), shown('2026-11-23T06:45')]);
    expect(rollCallStarts(shown('2026-11-22T06:45'), shown('2026-11-22T06:46'), defaultPolicy)).toEqual([shown('2026-11-22T06:45')]);
  });

  test.each<[number, number, string]>([
    [-1, 3, 'before'],
    [0, 3, 'first'],
    [5, 3, 'pause'],
    [6, 3, 'second'],
    [11, 3, 'over'],
    [1, 0, 'over'],
  ])('ROLL2: %d minutes after the start with %d missing: %s', (minutes, missing, phase) => {
    expect(rollCallPhase(times, missing, at(minutes))).toBe(phase);
  });

  test('ROLL3: missing is who was expected and has not answered', () => {
    const answers = [
      { person: 'a', at: at(1) },
      { person: 'b', at: at(7) },
      { person: 'x', at: at(1) },
    ];
    expect(missingAt(['a', 'b', 'c'], answers, at(5))).toEqual(['b', 'c']);
    expect(missingAt(['a', 'b', 'c'], answers, at(7))).toEqual(['c']);
  });

  test.each<[string, number, string, unknown]>([
    ['in the first round', 1, 'a', { ok: true, value: { round: 1 } }],
    ['between the rounds', 5.5, 'a', { ok: true, value: { round: 2 } }],
    ['in the second round', 10.9, 'a', { ok: true, value: { round: 2 } }],
    ['before the call', -0.1, 'a', { ok: false, error: { code: 'ROLL_CALL_NOT_OPEN' } }],
    ['after it', 11, 'a', { ok: false, error: { code: 'ROLL_CALL_NOT_OPEN' } }],
    ['by somebody of another cell', 1, 'x', { ok: false, error: { code: 'NOT_FOUND' } }],
    ['a second time', 1, 'b', { ok: false, error: { code: 'ALREADY_DONE' } }],
  ])('ROLL4: an answer %s', (_what, minutes, person, verdict) => {
    expect(judgeRollCallAnswer(times, { person, at: at(minutes) }, ['a', 'b'], [{ person: 'b', at: at(0.5) }])).toEqual(verdict);
  });

  test('ROLL5: missing people and a silent terminal are told apart', () => {
    expect(rollCallOutcome(times, ['a'], false, at(11) - 1)).toBe('none');
    expect(rollCallOutcome(times, [], false, at(11))).toBe('none');
    expect(rollCallOutcome(times, ['a'], false, at(11))).toBe('missing');
    expect(rollCallOutcome(times, ['a'], true, at(11))).toBe('offline');
  });
});
