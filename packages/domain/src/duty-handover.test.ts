import { MINUTE } from '@sallyport/basics';
import { defaultPolicy } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { defaultSlot } from './duty.fixture.js';
import { type HandoverSituation, handoverAt } from './duty-handover.js';

const outgoing = defaultSlot('2026-11-22T21:30');
const incoming = defaultSlot('2026-11-22T23:30');
const change = outgoing.end;
const situation: HandoverSituation = { outgoing, incoming, incomingSeats: ['c', 'd'], incomingSignIns: [] };
const at = (offset: number, ...signed: [string, number][]) =>
  handoverAt(
    { ...situation, incomingSignIns: signed.map(([person, after]) => ({ person, at: change + after * MINUTE })) },
    change + offset * MINUTE,
    defaultPolicy,
  );

describe('handover', () => {
  test('DUTY28: the outgoing stay until both incoming have signed in', () => {
    expect(at(0)).toEqual({ released: false, waitingFor: ['c', 'd'] });
    expect(at(1, ['c', 0.5])).toEqual({ released: false, waitingFor: ['d'] });
    expect(at(2, ['c', 0.5], ['d', 2])).toEqual({ released: true, since: change + 2 * MINUTE });
    expect(at(2, ['c', 0.5], ['x', 1])).toEqual({ released: false, waitingFor: ['d'] });
  });

  test('DUTY28: early incoming do not shorten the duty of the outgoing', () => {
    expect(at(-1, ['c', -5], ['d', -4])).toEqual({ released: false, waitingFor: [] });
    expect(at(0, ['c', -5], ['d', -4])).toEqual({ released: true, since: change });
  });

  test('DUTY29: nobody is kept beyond the closing of the next window, and at the end of a window nobody is waited for', () => {
    expect(at(10)).toEqual({ released: false, waitingFor: ['c', 'd'] });
    expect(at(10.1, ['c', 1])).toEqual({ released: true, since: change + 10 * MINUTE });
    expect(handoverAt({ ...situation, incoming: null, incomingSeats: [] }, change, defaultPolicy)).toEqual({ released: true, since: change });
  });
});
