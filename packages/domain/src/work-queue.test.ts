import { MINUTE, SECOND } from '@sallyport/basics';
import { defaultPolicy, policyDocument, priorityClass, workKind } from '@sallyport/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escalationAt, escalationSteps } from './work-escalation.js';
import { WORK_VERDICTS } from './work-kinds.js';
import { claimWork, compareWork, decideWork, openWorkItem, releaseWork, settled, settlesAt, undoWork, type WorkItem } from './work-queue.js';

const NOW = Date.parse('2026-11-22T13:33:00Z');
const policy = defaultPolicy;
const fresh = openWorkItem('i1', 'roster-approval', NOW, policy);
const value = (outcome: ReturnType<typeof claimWork>): WorkItem => {
  if (!outcome.ok) throw new Error(outcome.error.code);
  return outcome.value;
};
const approve = (item: WorkItem, officer = 'wang', at = NOW) => decideWork(item, { officer, verdict: 'approve', seenVersion: item.version }, at, policy);

describe('work queue', () => {
  test('WORK1: class before time left before age', () => {
    const item = (id: string, change: Partial<WorkItem>): WorkItem => ({ ...fresh, id, ...change });
    const queue = [
      item('routine', { priority: 'routine', deadline: 1, createdAt: 1 }),
      item('later', { priority: 'urgent', deadline: 9, createdAt: 1 }),
      item('young', { priority: 'urgent', deadline: 5, createdAt: 3 }),
      item('old', { priority: 'urgent', deadline: 5, createdAt: 2 }),
      item('call', { priority: 'emergency', deadline: 99, createdAt: 9 }),
    ];
    expect(queue.sort(compareWork).map((one) => one.id)).toEqual(['call', 'old', 'young', 'later', 'routine']);
  });

  test('WORK1: the order is total, so that every officer sees the same one', () => {
    const items = fc.uniqueArray(
      fc.record({ id: fc.string({ minLength: 1 }), priority: fc.constantFrom(...priorityClass.options), deadline: fc.nat(3), createdAt: fc.nat(3) }),
      { selector: (one) => one.id },
    );
    fc.assert(
      fc.property(items, (drawn) => {
        const sorted = [...drawn].sort(compareWork);
        expect([...drawn].reverse().sort(compareWork)).toEqual(sorted);
      }),
    );
  });

  test.each(workKind.options)('WORK2: %s has a class, a deadline, verdicts and an escalation', (kind) => {
    const item = openWorkItem('i', kind, NOW, policy);
    expect(item).toMatchObject({
      state: 'open',
      version: 1,
      priority: policy.work.kinds[kind].priority,
      deadline: NOW + policy.work.kinds[kind].deadlineSeconds * SECOND,
    });
    expect(WORK_VERDICTS[kind].length).toBeGreaterThan(0);
    expect(escalationSteps(kind, policy).length).toBeGreaterThan(0);
  });

  test('WORK3: a claim is a lease of 90 s, renewed by its holder, given back when it lapses', () => {
    const claimed = value(claimWork(fresh, 'wang', NOW, policy));
    expect(claimed).toMatchObject({ state: 'claimed', version: 2, holder: { officer: 'wang', leaseUntil: NOW + 90 * SECOND } });
    expect(settlesAt(claimed)).toBe(NOW + 90 * SECOND);
    const renewed = value(claimWork(claimed, 'wang', NOW + 60 * SECOND, policy));
    expect(renewed).toMatchObject({ version: 2, holder: { since: NOW, leaseUntil: NOW + 150 * SECOND } });
    expect(settled(renewed, NOW + 150 * SECOND - 1)).toBe(renewed);
    expect(settled(renewed, NOW + 150 * SECOND)).toMatchObject({ state: 'open', version: 2, holder: null });
    expect(value(approve(renewed, 'wang', NOW + 160 * SECOND))).toMatchObject({ state: 'decided' });
  });

  test('WORK3: another officer is refused while the lease runs, and may take over', () => {
    const claimed = value(claimWork(fresh, 'wang', NOW, policy));
    expect(claimWork(claimed, 'li', NOW + 1, policy)).toEqual({ ok: false, error: { code: 'HELD_BY_ANOTHER', officer: 'wang', at: NOW } });
    expect(value(claimWork(claimed, 'li', NOW + 1, policy, true))).toMatchObject({ version: 3, holder: { officer: 'li' } });
    expect(value(claimWork(claimed, 'li', NOW + 90 * SECOND, policy))).toMatchObject({ holder: { officer: 'li' } });
    expect(releaseWork(claimed, 'li', NOW)).toMatchObject({ error: { code: 'HELD_BY_ANOTHER' } });
    expect(value(releaseWork(claimed, 'wang', NOW))).toMatchObject({ state: 'open', holder: null });
    expect(releaseWork(fresh, 'wang', NOW)).toEqual({ ok: false, error: { code: 'LEASE_ENDED' } });
  });

  test('WORK4: a verdict on an old version is refused, a second one shows who decided what', () => {
    const claimed = value(claimWork(fresh, 'wang', NOW, policy));
    expect(decideWork(claimed, { officer: 'wang', verdict: 'approve', seenVersion: 1 }, NOW, policy)).toEqual({ ok: false, error: { code: 'STALE_VERSION' } });
    expect(approve(claimed, 'li')).toMatchObject({ error: { code: 'HELD_BY_ANOTHER', officer: 'wang' } });
    const decided = value(approve(claimed));
    expect(decideWork(decided, { officer: 'li', verdict: 'return', seenVersion: 2, reasonCode: 'gap' }, NOW + 1, policy)).toEqual({
      ok: false,
      error: { code: 'ALREADY_DECIDED', officer: 'wang', verdict: 'approve', at: NOW },
    });
    expect(claimWork(decided, 'li', NOW, policy, true)).toMatchObject({ error: { code: 'ALREADY_DECIDED' } });
  });

  test('WORK4: an open item may be decided without claiming it first', () => {
    expect(value(approve(fresh))).toMatchObject({ state: 'decided', decision: { officer: 'wang', verdict: 'approve' } });
  });

  test.each<[string, string, Record<string, unknown>, string | null]>([
    ['roster-approval', 'end', {}, 'VERDICT_NOT_OFFERED'],
    ['roster-approval', 'return', {}, 'BODY_INVALID'],
    ['roster-approval', 'return', { reasonCode: 'because' }, 'BODY_INVALID'],
    ['roster-approval', 'return', { reasonCode: 'unfair' }, null],
    ['duty-review', 'end', { input: { measure: 'spoke to both', result: ' ' } }, 'BODY_INVALID'],
    ['duty-review', 'end', { input: { measure: 'spoke to both', result: 'both on duty' } }, null],
    ['device-enrolment', 'approve', {}, 'BODY_INVALID'],
    ['device-enrolment', 'approve', { input: { checkValue: '123456' } }, null],
  ])('WORK5: %s, verdict %s with %j', (kind, verdict, given, code) => {
    const item = openWorkItem('i', workKind.parse(kind), NOW, policy);
    const outcome = decideWork(item, { officer: 'wang', verdict: verdict as 'end', seenVersion: 1, ...given }, NOW, policy);
    expect(outcome.ok ? null : outcome.error.code).toBe(code);
  });

  test('DUTY26: an anomaly ends only by the measure and the result of a named officer', () => {
    expect(WORK_VERDICTS['duty-review'].filter(({ verdict }) => verdict !== 'later')).toEqual([{ verdict: 'end', needs: ['measure-and-result'], reasons: [] }]);
  });

  test('WORK6: "later" gives the item back undecided', () => {
    const item = value(claimWork(openWorkItem('i', 'duty-review', NOW, policy), 'wang', NOW, policy));
    expect(value(decideWork(item, { officer: 'wang', verdict: 'later', seenVersion: 2 }, NOW, policy))).toMatchObject({
      state: 'open',
      holder: null,
      decision: null,
      version: 3,
    });
  });

  test('WORK7: a verdict takes effect after 10 s; until then its officer can undo it', () => {
    const decided = value(approve(fresh));
    expect(settlesAt(decided)).toBe(NOW + 10 * SECOND);
    expect(value(undoWork(decided, 'wang', 2, NOW + 10 * SECOND - 1, policy))).toMatchObject({ state: 'claimed', decision: null, holder: { officer: 'wang' } });
    expect(undoWork(decided, 'wang', 2, NOW + 10 * SECOND, policy)).toEqual({ ok: false, error: { code: 'UNDO_TOO_LATE' } });
    expect(undoWork(decided, 'li', 2, NOW, policy)).toMatchObject({ error: { code: 'NOT_ALLOWED', officer: 'wang' } });
    expect(undoWork(decided, 'wang', 1, NOW, policy)).toEqual({ ok: false, error: { code: 'STALE_VERSION' } });
    expect(settled(decided, NOW + 10 * SECOND)).toMatchObject({ state: 'done', version: 3 });
  });

  test('WORK8: ending an emergency call has no undo', () => {
    const item = openWorkItem('i', 'emergency-call', NOW, policy);
    const ended = value(decideWork(item, { officer: 'wang', verdict: 'end', seenVersion: 1, input: { measure: 'seen', result: 'well' } }, NOW, policy));
    expect(ended).toMatchObject({ state: 'done', decision: { effectiveAt: NOW } });
    expect(undoWork(ended, 'wang', 2, NOW, policy)).toEqual({ ok: false, error: { code: 'UNDO_TOO_LATE' } });
  });

  test('WORK9: calls escalate at 15, 30, 60 and 180 s, duty reviews to the leader five minutes after the start', () => {
    expect(escalationSteps('emergency-call', policy).map((step) => step.afterSeconds)).toEqual([0, 15, 30, 60, 180]);
    expect(escalationSteps('duty-review', policy)).toEqual([
      { afterSeconds: 0, to: ['cell-officer', 'control-room'] },
      { afterSeconds: 120, to: ['leadership'] },
    ]);
    const together = policyDocument.parse({ duty: { signIn: { leaderAfterMinutes: 3 } } });
    expect(escalationSteps('duty-review', together)).toEqual([{ afterSeconds: 0, to: ['cell-officer', 'control-room', 'leadership'] }]);
  });

  test('WORK10: the step follows from the clock alone, so that a restart loses nothing', () => {
    const steps = escalationSteps('emergency-call', policy);
    expect(escalationAt(steps, NOW, NOW + 29 * SECOND)).toMatchObject({ step: 1, at: NOW + 15 * SECOND, nextAt: NOW + 30 * SECOND });
    expect(escalationAt(steps, NOW, NOW + 60 * MINUTE)).toMatchObject({ step: 4, to: ['leadership'], nextTo: null, nextAt: null });
    expect(escalationAt([{ afterSeconds: 5, to: ['medical'] }], NOW, NOW)).toEqual({
      step: -1,
      to: [],
      at: NOW,
      nextTo: ['medical'],
      nextAt: NOW + 5 * SECOND,
    });
  });
});
