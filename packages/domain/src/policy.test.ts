import { defaultPolicy, type PolicySpan, policyDocument, spanMinutes } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';

/** The paths that the schema complains about. */
function complaints(change: unknown): string[] {
  const read = policyDocument.safeParse(change);
  return read.success ? [] : read.error.issues.map((issue) => issue.path.join('.'));
}

const windows = (...spans: [string, string][]): unknown => ({ duty: { windows: spans.map(([start, end]): PolicySpan => ({ start, end })) } });

describe('policy', () => {
  test('POL1: an empty document is the default policy', () => {
    expect(policyDocument.parse({})).toEqual(defaultPolicy);
    expect(defaultPolicy.site.timeZone).toBe('Asia/Shanghai');
    expect(defaultPolicy.duty.windows).toEqual([
      { start: '12:00', end: '14:00' },
      { start: '21:30', end: '06:30' },
    ]);
    expect(defaultPolicy.duty.signIn).toEqual({
      opensBeforeMinutes: 10,
      voiceAfterMinutes: 1,
      alarmAfterMinutes: 3,
      leaderAfterMinutes: 5,
      closesAfterMinutes: 10,
    });
    expect(defaultPolicy.terminal).toMatchObject({ maskAfterSeconds: 15, askAfterSeconds: 45, answerWithinSeconds: 20 });
  });

  test.each([
    ['audit kept less than 180 days', { audit: { minDays: 179 } }, 'audit.minDays'],
    ['one person on duty', { duty: { minOnDuty: 1 } }, 'duty.minOnDuty'],
    ['four PIN tries a slot', { pin: { triesPerSlot: 4 } }, 'pin.triesPerSlot'],
    ['arrival after more than 5 minutes', { alert: { arriveWithinMinutes: 6 } }, 'alert.arriveWithinMinutes'],
    ['withdrawal after 5 s', { alert: { withdrawSeconds: 10 } }, 'alert.withdrawSeconds'],
    ['one roll call a day', { rollCall: { times: ['06:45'] } }, 'rollCall.times'],
    ['less than an hour outdoors', { routine: { outdoorMinutes: 30 } }, 'routine.outdoorMinutes'],
    ['less than 20 s to answer', { terminal: { answerWithinSeconds: 10 } }, 'terminal.answerWithinSeconds'],
  ])('POL2: refuses %s', (_what, change, path) => {
    expect(complaints(change)).toEqual([path]);
  });

  test('POL3: an unknown setting is refused, so that a hard rule cannot be switched off by inventing a switch', () => {
    expect(complaints({ duty: { exclusions: { separateSexes: false } } })).toEqual(['duty.exclusions']);
    expect(complaints({ lawyerAudio: true })).toEqual(['']);
  });

  test.each<[string, unknown, string[]]>([
    ['windows that overlap', windows(['12:00', '14:00'], ['13:00', '15:00']), ['duty.windows.1']],
    ['windows that overlap across midnight', windows(['22:00', '06:00'], ['05:00', '07:00']), ['duty.windows.1']],
    ['a last slot of ten minutes', windows(['12:00', '14:10']), ['duty.windows.0']],
    ['a last slot of an hour', windows(['21:30', '06:30']), []],
    ['windows that touch', windows(['12:00', '14:00'], ['14:00', '16:00']), []],
    ['the whole day', windows(['09:00', '09:00']), []],
    ['an alarm after the window closed', { duty: { signIn: { alarmAfterMinutes: 12, leaderAfterMinutes: 15 } } }, ['duty.signIn']],
    ['a jitter as long as the interval', { duty: { presence: { everyMinutes: 20, jitterMinutes: 20 } } }, ['duty.presence.jitterMinutes']],
    ['a time zone that does not exist', { site: { timeZone: 'Asia/Nowhere' } }, ['site.timeZone']],
    [
      'escalation that steps back',
      {
        alert: {
          escalation: [
            { afterSeconds: 30, to: ['control-room'] },
            { afterSeconds: 15, to: ['leadership'] },
          ],
        },
      },
      ['alert.escalation'],
    ],
  ])('POL4: settings agree with one another: %s', (_what, change, paths) => {
    expect(complaints(change)).toEqual(paths);
  });

  test('POL5: spans cross midnight and equal times are a whole day', () => {
    expect(spanMinutes({ start: '21:30', end: '06:30' })).toEqual({ start: 1_290, length: 540 });
    expect(spanMinutes({ start: '12:00', end: '14:00' })).toEqual({ start: 720, length: 120 });
    expect(spanMinutes({ start: '09:00', end: '09:00' })).toEqual({ start: 540, length: 1_440 });
  });
});
