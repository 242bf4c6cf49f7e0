import { MINUTE, SECOND } from '@sallyport/basics';
import { defaultPolicy, policyDocument } from '@sallyport/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSlot } from './duty.fixture.js';
import { judgePresence, presenceTimes } from './duty-presence.js';
import { slotsOfDate } from './duty-slots.js';

const slot = defaultSlot('2026-11-22T21:30');

describe('duty presence', () => {
  test('DUTY30: prompts keep their distance, spare the margins and are never none', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(60, 90, 120),
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 10 }),
        (seed, shiftMinutes, everyMinutes, jitterMinutes, marginMinutes) => {
          const policy = policyDocument.parse({ duty: { shiftMinutes, presence: { everyMinutes, jitterMinutes, marginMinutes } } });
          for (const one of slotsOfDate('2026-11-22', policy)) {
            const times = presenceTimes(one, seed, policy);
            expect(times.length).toBeGreaterThan(0);
            times.forEach((at, index) => {
              expect(at).toBeGreaterThanOrEqual(one.start + marginMinutes * MINUTE);
              expect(at + 60 * SECOND).toBeLessThanOrEqual(one.end);
              expect(at).toBeLessThanOrEqual(one.end - marginMinutes * MINUTE);
              const before = times[index - 1];
              if (before !== undefined) expect(Math.abs(at - before - everyMinutes * MINUTE)).toBeLessThanOrEqual(jitterMinutes * MINUTE + 1);
            });
          }
        },
      ),
    );
  });

  test('DUTY30: the same seed asks at the same times, another seed at others', () => {
    expect(presenceTimes(slot, 'one', defaultPolicy)).toEqual(presenceTimes(slot, 'one', defaultPolicy));
    expect(presenceTimes(slot, 'one', defaultPolicy)).not.toEqual(presenceTimes(slot, 'two', defaultPolicy));
  });

  const asked = slot.start + 30 * MINUTE;
  test.each<[string, number, number, number, string]>([
    ['at once', 0, 0, 0, 'in-time'],
    ['at the last moment', 60, 60, 0, 'in-time'],
    ['too late', 61, 61, 0, 'late'],
    ['in time off line', 3_600, 20, 0, 'late-proved'],
    ['too late off line', 3_600, 90, 0, 'late'],
    ['with a clock nobody can believe', 3_600, 90, 500, 'late-proved'],
  ])('DUTY31: an answer %s', (_what, receivedAfter, actedAfter, skew, state) => {
    const acted = asked + actedAfter * SECOND;
    const verdict = judgePresence(
      asked,
      { receivedAt: asked + receivedAfter * SECOND, correctedAt: acted, claimedAt: acted, skewMs: skew * SECOND },
      defaultPolicy,
    );
    expect(verdict).toMatchObject({ ok: true, value: { state } });
  });

  test('DUTY31: an answer to what was not asked yet is refused', () => {
    expect(judgePresence(asked, { receivedAt: asked - 1, correctedAt: null, claimedAt: asked, skewMs: null }, defaultPolicy)).toEqual({
      ok: false,
      error: { code: 'PRESENCE_NOT_ASKED' },
    });
  });
});
