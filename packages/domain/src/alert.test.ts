import { MINUTE, SECOND } from '@sallyport/basics';
import { anomalyKind, defaultPolicy, type PolicyDocument, policyDocument } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import {
  type Alert,
  acknowledgeAlert,
  alertToJoin,
  anomalyLevel,
  arriveAlert,
  arriveBy,
  cellAddress,
  endAlert,
  isOpen,
  joinAlert,
  raiseAlert,
  settledAlert,
  silenceLevel,
  withdrawAlert,
} from './alert.js';
import { escalationAt, escalationSteps } from './work-escalation.js';

const NOW = Date.parse('2026-11-22T13:33:00Z');
const policy = defaultPolicy;
const call = raiseAlert('c1', 'emergency-call', 'call:0101', NOW);
const value = (outcome: ReturnType<typeof acknowledgeAlert>): Alert => {
  if (!outcome.ok) throw new Error(outcome.error.code);
  return outcome.value;
};
const acknowledged = value(acknowledgeAlert(call, 'wang', NOW + 10 * SECOND, policy));
const report = { officer: 'wang', measure: 'looked after him', result: 'well again' };

describe('alerts', () => {
  test('ALERT1: a call runs from calling over acknowledged and arrived to its end by a named officer', () => {
    expect(acknowledged).toMatchObject({ state: 'acknowledged', acknowledged: { officer: 'wang', at: NOW + 10 * SECOND } });
    const arrived = value(arriveAlert(acknowledged, 'li', NOW + MINUTE, policy));
    expect(arrived).toMatchObject({ state: 'arrived', arrived: { officer: 'li' }, acknowledged: { officer: 'wang' } });
    const ended = value(endAlert(arrived, report, NOW + 2 * MINUTE, policy));
    expect(ended).toMatchObject({ state: 'ended', ended: { ...report, at: NOW + 2 * MINUTE } });
    expect([call, acknowledged, arrived, ended].map(isOpen)).toEqual([true, true, true, false]);
  });

  test.each<[number, string]>([
    [0, 'withdrawn'],
    [5 * SECOND, 'withdrawn'],
    [5 * SECOND + 1, 'WITHDRAW_TOO_LATE'],
    [-1, 'WITHDRAW_TOO_LATE'],
  ])('ALERT2: withdrawn %i ms after the call', (after, expected) => {
    const outcome = withdrawAlert(call, NOW + after, policy);
    expect(outcome.ok ? outcome.value.state : outcome.error.code).toBe(expected);
  });

  test('ALERT2: a withdrawn call stays until an officer ends it with a report', () => {
    const withdrawn = value(withdrawAlert(call, NOW + SECOND, policy));
    expect(settledAlert(withdrawn, NOW + 60 * MINUTE, policy)).toBe(withdrawn);
    expect(value(endAlert(withdrawn, report, NOW + MINUTE, policy)).state).toBe('ended');
    expect(withdrawAlert(acknowledged, NOW + 2 * SECOND, policy)).toMatchObject({ error: { code: 'WITHDRAW_TOO_LATE' } });
  });

  test('ALERT3: the second officer learns who acknowledged', () => {
    expect(acknowledgeAlert(acknowledged, 'li', NOW + MINUTE, policy)).toEqual({
      ok: false,
      error: { code: 'ALREADY_DONE', officer: 'wang', at: NOW + 10 * SECOND },
    });
    expect(value(arriveAlert(call, 'li', NOW + MINUTE, policy))).toMatchObject({ state: 'arrived', acknowledged: { officer: 'li' } });
  });

  test('ALERT4: acknowledged without arrival in 5 min calls again and escalates anew', () => {
    const due = NOW + 10 * SECOND + 5 * MINUTE;
    expect(arriveBy(acknowledged, policy)).toBe(due);
    expect(settledAlert(acknowledged, due - 1, policy).state).toBe('acknowledged');
    const again = settledAlert(acknowledged, due, policy);
    expect(again).toMatchObject({ state: 'calling', callingSince: due, reopened: 1, acknowledged: null });
    expect(escalationAt(escalationSteps('emergency-call', policy), again.callingSince, due + 30 * SECOND).step).toBe(2);
    expect(value(acknowledgeAlert(acknowledged, 'li', due, policy))).toMatchObject({ acknowledged: { officer: 'li' }, reopened: 1 });
    expect(withdrawAlert(again, due + SECOND, policy)).toMatchObject({ error: { code: 'WITHDRAW_TOO_LATE' } });
  });

  test('ALERT4: an alert that nobody has to walk to does not call again', () => {
    const silence = value(acknowledgeAlert(raiseAlert('s', 'device-silent', 'silence:d1', NOW), 'wang', NOW, policy));
    expect(arriveBy(silence, policy)).toBeNull();
    expect(settledAlert(silence, NOW + 60 * MINUTE, policy)).toBe(silence);
    expect(value(endAlert(silence, report, NOW, policy)).state).toBe('ended');
  });

  test('ALERT5: a call that nobody attended cannot be ended, nor any alert without measure and result', () => {
    expect(endAlert(call, report, NOW, policy)).toMatchObject({ error: { code: 'VERDICT_NOT_OFFERED' } });
    expect(endAlert(acknowledged, report, NOW + MINUTE, policy)).toMatchObject({ error: { code: 'VERDICT_NOT_OFFERED' } });
    const arrived = value(arriveAlert(acknowledged, 'wang', NOW + MINUTE, policy));
    expect(endAlert(arrived, { ...report, result: ' ' }, NOW + MINUTE, policy)).toMatchObject({ error: { code: 'BODY_INVALID' } });
    const ended = value(endAlert(arrived, report, NOW + MINUTE, policy));
    expect(endAlert(ended, report, NOW + 2 * MINUTE, policy)).toMatchObject({ error: { code: 'ALREADY_DONE', officer: 'wang' } });
    expect(arriveAlert(ended, 'li', NOW + 2 * MINUTE, policy)).toMatchObject({ error: { code: 'ALREADY_DONE' } });
  });

  test('ALERT6: an unanswered call reaches more people after 15, 30, 60 and 180 s', () => {
    const steps = escalationSteps('emergency-call', policy);
    const stepAt = (seconds: number) => escalationAt(steps, call.callingSince, NOW + seconds * SECOND).step;
    expect([0, 14, 15, 30, 60, 179, 180].map(stepAt)).toEqual([0, 0, 1, 2, 3, 3, 4]);
  });

  test('ALERT12: the control room and medical are told of a call at once, whatever the policy says', () => {
    const told = (escalation: PolicyDocument['alert']['escalation']) => {
      const steps = escalationSteps('emergency-call', { ...policy, alert: { ...policy.alert, escalation } });
      return { at: steps.map(({ afterSeconds }) => afterSeconds), first: escalationAt(steps, NOW, NOW).to };
    };
    expect(told(policy.alert.escalation)).toEqual({ at: [0, 15, 30, 60, 180], first: ['cell-officer', 'medical', 'control-room'] });
    expect(told([{ afterSeconds: 0, to: ['cell-officer', 'control-room'] }])).toEqual({ at: [0], first: ['medical', 'cell-officer', 'control-room'] });
    expect(told([{ afterSeconds: 20, to: ['leadership'] }])).toEqual({ at: [0, 20], first: ['medical', 'control-room'] });
  });

  test('ALERT7: one cause within 60 s is one alert with a counter', () => {
    expect(alertToJoin([call], 'call:0101', NOW + 10 * MINUTE, policy)).toBe(call);
    expect(alertToJoin([call], 'call:0102', NOW, policy)).toBeNull();
    expect(alertToJoin([acknowledged], 'call:0101', NOW + 60 * SECOND, policy)).toBe(acknowledged);
    expect(alertToJoin([acknowledged], 'call:0101', NOW + 60 * SECOND + 1, policy)).toBeNull();
    expect(alertToJoin([{ ...call, state: 'withdrawn' }], 'call:0101', NOW + SECOND, policy)).toBeNull();
    expect(joinAlert(call, NOW + SECOND)).toMatchObject({ count: 2, lastAt: NOW + SECOND, raisedAt: NOW });
  });

  test('ALERT8: a silent device is amber after 60 s and red after 5 min', () => {
    expect(silenceLevel(NOW, NOW + 60 * SECOND - 1, policy)).toEqual({ level: null, nextAt: NOW + 60 * SECOND });
    expect(silenceLevel(NOW, NOW + 60 * SECOND, policy)).toEqual({ level: 'medium', nextAt: NOW + 300 * SECOND });
    expect(silenceLevel(NOW, NOW + 300 * SECOND, policy)).toEqual({ level: 'high', nextAt: null });
  });

  test('ALERT9: nobody on duty is red, lateness is not', () => {
    expect(anomalyLevel('NO_DUTY')).toBe('high');
    expect(anomalyLevel('LATE')).toBe('low');
    expect(anomalyKind.options.map(anomalyLevel).filter((level) => level === 'high')).toHaveLength(1);
  });

  test("ALERT11: camera and intercom of a cell are the site's own addresses, or none", () => {
    expect(cellAddress('https://video.example/live/{cell}?low={cell}', '0101')).toBe('https://video.example/live/0101?low=0101');
    expect(cellAddress('', '0101')).toBeNull();
    expect(cellAddress('sip:{cell}@intercom', null)).toBeNull();
    const takes = (field: 'cameraAddress' | 'talkAddress', address: string) => policyDocument.safeParse({ alert: { [field]: address } }).success;
    expect(['', 'https://video.example/{cell}', 'http://10.0.0.5/{cell}'].filter((address) => !takes('cameraAddress', address))).toEqual([]);
    expect(['', 'sip:{cell}@intercom', 'tel:8{cell}'].filter((address) => !takes('talkAddress', address))).toEqual([]);
    const never = ['javascript:alert("{cell}")', 'https://video.example/0101', 'data:text/html,{cell}', 'https://video.example/{cell} x', 'https://v/{cell}\n'];
    expect(never.filter((address) => takes('cameraAddress', address) || takes('talkAddress', address))).toEqual([]);
  });
});
