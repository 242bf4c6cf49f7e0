import { DAY, MINUTE, SECOND } from '@sallyport/basics';
import { defaultPolicy } from '@sallyport/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSlot } from './duty.fixture.js';
import { anomaliesOf, type SignInEvidence, seatStateOf, type SlotEvidence, standingOf } from './duty-anomalies.js';

const slot = defaultSlot('2026-11-22T21:30');
const minute = (count: number) => slot.start + count * MINUTE;
const end = slot.end;
const quiet: SlotEvidence = { cell: '0101', slot, planned: true, rosterMissing: false, seats: ['a', 'b'], signIns: [], silences: [], prompts: [], reports: [] };
const signed = (person: string, at: number, change: Partial<SignInEvidence> = {}): SignInEvidence => ({
  person,
  receivedAt: at,
  state: 'on-time',
  late: false,
  ...change,
});
const lateProved = (person: string, at: number) => signed(person, at, { state: 'late-proved' });
const both = [signed('a', minute(-2)), signed('b', minute(1))];

/** Kind, minutes after the start, people and standing of each anomaly. */
const found = (change: Partial<SlotEvidence>, now = end) =>
  anomaliesOf({ ...quiet, ...change }, now, defaultPolicy).map(({ kind, raisedAt, people, standing }) => [
    kind,
    (raisedAt - slot.start) / MINUTE,
    people.join(),
    standing,
  ]);

describe('duty anomalies', () => {
  test('DUTY20: both signed in is no anomaly', () => {
    expect(found({ signIns: both })).toEqual([]);
  });

  test.each<[string, Partial<SlotEvidence>, unknown[]]>([
    ['nobody signed', {}, ['NO_DUTY', 3, 'a,b', 'open']],
    ['one signed', { signIns: [signed('a', minute(1))] }, ['SOLO_DUTY', 3, 'b', 'open']],
    ['one excused without a substitute, the other signed', { seats: ['a'], signIns: [signed('a', minute(1))] }, ['SOLO_DUTY', 3, '', 'open']],
    ['both excused', { seats: [] }, ['NO_DUTY', 3, '', 'open']],
    ['one of another slot signed', { signIns: [signed('x', minute(1))] }, ['NO_DUTY', 3, 'a,b', 'open']],
  ])('DUTY20: three minutes after the start: %s', (_what, change, expected) => {
    expect(found(change, minute(3) - 1)).toEqual([]);
    expect(found(change, minute(3))).toEqual([expected]);
  });

  test('DUTY47: a held cell without a roster is one anomaly of its own kind, from the start of the slot on, once per half of the roster day', () => {
    const missing = { planned: false, rosterMissing: true, seats: [] };
    expect(found(missing, slot.start - 1)).toEqual([]);
    expect(found(missing, minute(1))).toEqual([['NO_ROSTER', 0, '', 'open']]);
    const keyOf = (key: string) => anomaliesOf({ ...quiet, ...missing, slot: defaultSlot(key) }, end + DAY, defaultPolicy).map((anomaly) => anomaly.key);
    expect(keyOf('2026-11-23T03:30')).toEqual(keyOf('2026-11-22T21:30'));
    expect(keyOf('2026-11-23T12:00')).not.toEqual(keyOf('2026-11-22T21:30'));
  });

  test('DUTY51: a late proof from a terminal that was heard all the time does not turn the anomaly', () => {
    const claimed = (person: string) => ({ ...lateProved(person, minute(20)), doubted: true });
    expect(found({ signIns: [claimed('a'), claimed('b')] })).toEqual([['NO_DUTY', 3, 'a,b', 'open']]);
    expect(found({ signIns: [lateProved('a', minute(20)), lateProved('b', minute(20))] })).toEqual([['NO_DUTY', 3, 'a,b', 'late-proved']]);
  });

  test('DUTY48: what was missing before the terminal was let in stays a silent terminal, and is told once per half day', () => {
    const silences = [{ from: 0, until: minute(20), noTerminal: true }];
    const [first, ...more] = anomaliesOf({ ...quiet, silences }, end, defaultPolicy);
    expect([first?.kind, first?.span, more]).toEqual(['TERMINAL_OFFLINE', 'half-day', []]);
    const later = anomaliesOf(
      { ...quiet, slot: defaultSlot('2026-11-22T23:30'), silences: [{ from: 0, until: null, noTerminal: true }] },
      end + DAY,
      defaultPolicy,
    );
    expect(later.map(({ key }) => key)).toEqual([first?.key]);
  });

  test('DUTY20: without an approved roster nothing can be missed', () => {
    expect(found({ planned: false, seats: [] })).toEqual([]);
  });

  test('DUTY21: a silent terminal is not "no duty"', () => {
    expect(found({ silences: [{ from: minute(-30), until: null }] })).toEqual([['TERMINAL_OFFLINE', 3, 'a,b', 'open']]);
    expect(found({ silences: [{ from: minute(2), until: null }], signIns: [signed('a', minute(1))] })).toEqual([['TERMINAL_OFFLINE', 3, 'b', 'open']]);
  });

  test('DUTY21: "no duty" is not a silent terminal: silence that ended before, or began after, hides nothing', () => {
    expect(found({ silences: [{ from: minute(-30), until: minute(3) }] })).toEqual([['NO_DUTY', 3, 'a,b', 'open']]);
    expect(found({ silences: [{ from: minute(3) + 1, until: null }] })).toEqual([['NO_DUTY', 3, 'a,b', 'open']]);
  });

  test('DUTY21: a terminal that was silent with both signed in is no duty anomaly', () => {
    expect(found({ silences: [{ from: minute(2), until: null }], signIns: both })).toEqual([]);
  });

  test('DUTY21: what a terminal that came back does not hand over within its grace is missing', () => {
    const silences = [{ from: minute(-5), until: minute(40) }];
    expect(found({ silences }, minute(41) - 1)).toEqual([['TERMINAL_OFFLINE', 3, 'a,b', 'open']]);
    expect(found({ silences }, minute(41))).toEqual([
      ['TERMINAL_OFFLINE', 3, 'a,b', 'open'],
      ['NO_DUTY', 41, 'a,b', 'open'],
    ]);
    expect(found({ silences, signIns: [lateProved('a', minute(40) + SECOND)] })).toEqual([
      ['TERMINAL_OFFLINE', 3, 'a,b', 'open'],
      ['SOLO_DUTY', 41, 'b', 'open'],
    ]);
  });

  test('DUTY21: a second silence within the grace is waited for as well', () => {
    const silences = [
      { from: minute(-5), until: minute(20) },
      { from: minute(20.5), until: minute(30) },
    ];
    expect(found({ silences })).toEqual([
      ['TERMINAL_OFFLINE', 3, 'a,b', 'open'],
      ['NO_DUTY', 31, 'a,b', 'open'],
    ]);
  });

  test('DUTY22: late proof turns the standing and never erases', () => {
    const silences = [{ from: minute(-5), until: minute(40) }];
    const signIns = [lateProved('a', minute(40) + SECOND), lateProved('b', minute(40) + SECOND)];
    expect(found({ silences, signIns })).toEqual([['TERMINAL_OFFLINE', 3, 'a,b', 'late-proved']]);
    expect(found({ signIns: [signed('a', minute(0)), lateProved('b', minute(6))] })).toEqual([['SOLO_DUTY', 3, 'b', 'late-proved']]);
  });

  test('DUTY22: a late sign-in leaves the anomaly open and adds its own', () => {
    expect(found({ signIns: [signed('a', minute(0)), signed('b', minute(4), { state: 'late', late: true })] })).toEqual([
      ['SOLO_DUTY', 3, 'b', 'open'],
      ['LATE', 4, 'b', 'open'],
    ]);
  });

  test('DUTY23: an unanswered prompt means the post was left, by those who had signed in', () => {
    const prompts = [{ id: 'p1', askedAt: minute(30), answer: null }];
    expect(found({ signIns: both, prompts }, minute(31) - 1)).toEqual([]);
    expect(found({ signIns: both, prompts }, minute(31))).toEqual([['LEFT_POST', 31, 'a,b', 'open']]);
    expect(found({ prompts })).toEqual([['NO_DUTY', 3, 'a,b', 'open']]);
  });

  test('DUTY23: a prompt answered late stays missed, one proved late is late-proved, one during silence is TERMINAL_OFFLINE', () => {
    const answered = (at: number, inTime: boolean) => [{ id: 'p1', askedAt: minute(30), answer: { receivedAt: at, inTime } }];
    expect(found({ signIns: both, prompts: answered(minute(32), false) })).toEqual([['LEFT_POST', 31, 'a,b', 'open']]);
    expect(found({ signIns: both, prompts: answered(minute(32), true) })).toEqual([['LEFT_POST', 31, 'a,b', 'late-proved']]);
    expect(found({ signIns: both, prompts: answered(minute(60), true), silences: [{ from: minute(20), until: minute(59.5) }] })).toEqual([
      ['TERMINAL_OFFLINE', 31, 'a,b', 'late-proved'],
    ]);
  });

  test.each(['WRONG_PERSON', 'EXCLUDED_PERSON', 'LEFT_POST', 'SLEEPING', 'ABNORMAL_REPORT'] as const)('DUTY24: %s comes from a report', (kind) => {
    expect(found({ signIns: both, reports: [{ id: 'r1', kind, at: minute(20), person: 'a' }] })).toEqual([[kind, 20, 'a', 'open']]);
    expect(found({ signIns: both, reports: [{ id: 'r1', kind, at: minute(20), person: 'a' }] }, minute(19))).toEqual([]);
  });

  test('DUTY25: each anomaly has one key, the same at every look, and none goes away', () => {
    const times = fc.integer({ min: -10, max: 118 });
    const states = fc.constantFrom<SignInEvidence['state']>('on-time', 'late', 'late-proved');
    const signIn = fc.record({ person: fc.constantFrom('a', 'b', 'x'), receivedAt: times.map(minute), state: states, late: fc.boolean() });
    const silence = fc.record({ from: times.map(minute), until: fc.option(times.map((value) => minute(value + 10))) });
    const prompt = fc.record({
      id: fc.constantFrom('p1', 'p2'),
      askedAt: times.map(minute),
      answer: fc.option(fc.record({ receivedAt: times.map(minute), inTime: fc.boolean() })),
    });
    const evidence = fc.record({
      signIns: fc.uniqueArray(signIn, { selector: (one) => one.person }),
      silences: fc.array(silence, { maxLength: 3 }),
      prompts: fc.uniqueArray(prompt, { selector: (one) => one.id }),
    });
    fc.assert(
      fc.property(evidence, times, times, (drawn, one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)].map((value) => anomaliesOf({ ...quiet, ...drawn }, minute(value), defaultPolicy));
        const keys = second?.map((anomaly) => anomaly.key) ?? [];
        expect(new Set(keys).size).toBe(keys.length);
        for (const anomaly of first ?? []) expect(second).toContainEqual({ ...anomaly, standing: expect.any(String) });
      }),
      { examples: [] },
    );
  });

  test.each<[string, Partial<SlotEvidence>, number, string]>([
    ['before the deadline', {}, 2, 'upcoming'],
    ['both early', { signIns: [signed('a', minute(-5)), signed('b', minute(-5))] }, -4, 'both'],
    ['nobody', {}, 3, 'nobody'],
    ['one', { signIns: [signed('a', minute(0))] }, 3, 'solo'],
    ['silent', { silences: [{ from: minute(-3), until: null }] }, 3, 'offline'],
    ['silent after both signed', { signIns: both, silences: [{ from: minute(2), until: null }] }, 3, 'both'],
    ['one late', { signIns: [signed('a', minute(0)), signed('b', minute(5), { state: 'late', late: true })] }, 6, 'late'],
    ['all out of the cell', { seats: [] }, 3, 'out'],
    ['left empty by its roster', { planned: false }, 3, 'not-planned'],
    ['no roster', { planned: false, rosterMissing: true, seats: [] }, 3, 'no-roster'],
    ['no roster yet', { planned: false, rosterMissing: true, seats: [] }, -60, 'no-roster'],
  ])('DUTY27: the board tells silent from nobody: %s', (_what, change, at, standing) => {
    expect(standingOf({ ...quiet, ...change }, minute(at), defaultPolicy)).toBe(standing);
  });

  test.each<[string, SignInEvidence | null, boolean, number, string]>([
    ['nobody yet', null, false, 10, 'waiting'],
    ['nobody when the window has closed', null, false, 10.1, 'absent'],
    ['out of the cell', null, true, 60, 'excused'],
    ['signed in late', signed('a', minute(5), { state: 'late', late: true }), false, 60, 'late'],
    ['signed in before being taken out', signed('a', minute(0)), true, 60, 'on-time'],
  ])('DUTY6: a seat: %s', (_what, signIn, excused, at, state) => {
    expect(seatStateOf({ slot, signIn, excused }, minute(at), defaultPolicy)).toBe(state);
  });
});
