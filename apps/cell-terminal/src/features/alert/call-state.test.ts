import { expect, test } from 'vitest';
import { type OwnCall, stageOf, withdrawSeconds } from './call-state';

const own = (change: Partial<OwnCall> = {}): OwnCall => ({ id: 'a', at: 1_000, state: 'saved', unsaved: false, withdrawn: false, ...change });
const remote = (state: 'calling' | 'acknowledged' | 'arrived' | 'ended' | 'withdrawn', id = 'a') => ({ id, state, by: null, at: '2026-11-22T14:00:00.000Z' });

test.each([
  ['nothing pressed', null, null, true, 1_000, 'idle'],
  ['a call from before this page', null, remote('acknowledged'), true, 1_000, 'answered'],
  ['an ended call', null, remote('ended'), true, 1_000, 'idle'],
  ['just pressed, on line', own(), null, true, 2_000, 'calling'],
  ['pressed, on line, no word for long', own({ state: 'sent' }), null, true, 9_000, 'saved'],
  ['pressed, off line', own(), null, false, 2_000, 'saved'],
  ['the server has it, line lost since', own({ state: 'accepted' }), null, false, 60_000, 'calling'],
  ['received by an officer', own({ state: 'accepted' }), remote('acknowledged'), true, 9_000, 'answered'],
  ['an older call that ended says nothing of this one', own({ state: 'accepted' }), remote('ended', 'z'), true, 9_000, 'calling'],
  ['taken back', own({ withdrawn: true }), remote('calling'), true, 3_000, 'withdrawn'],
  ['could not be stored', own({ unsaved: true }), null, true, 2_000, 'unsaved'],
  ['refused by the server: nobody comes', own({ state: 'refused' }), null, true, 2_000, 'unsaved'],
] as const)('%s', (_name, press, call, online, now, stage) => {
  expect(stageOf(press, call, online, now)).toBe(stage);
});

test('a press can be taken back for five seconds', () => {
  expect([1_000, 3_500, 6_000].map((now) => withdrawSeconds(own(), 'calling', now))).toEqual([5, 3, 0]);
  expect(withdrawSeconds(own(), 'answered', 1_000)).toBe(0);
});
