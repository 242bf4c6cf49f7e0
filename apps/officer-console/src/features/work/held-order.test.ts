import { describe, expect, test } from 'vitest';
import { holdOrder, NOTHING_HELD, nextAfter, revealAll } from './held-order';

const row = (id: string, priority: 'emergency' | 'urgent' | 'soon' | 'routine' = 'routine') => ({ id, priority });

describe('WORK: the list keeps still under the pointer (ux R1, R5)', () => {
  test('the first reading is taken in the order of the server', () => {
    expect(holdOrder(NOTHING_HELD, [row('a'), row('b')])).toEqual({ shown: ['a', 'b'], behind: [] });
  });
  test('a new row waits behind the bar, whatever its place would be', () => {
    expect(holdOrder({ shown: ['a', 'b'], behind: [] }, [row('new', 'urgent'), row('b'), row('a')])).toEqual({ shown: ['a', 'b'], behind: ['new'] });
  });
  test('an emergency jumps in on top, at once', () => {
    expect(holdOrder({ shown: ['a'], behind: [] }, [row('call', 'emergency'), row('a'), row('later')])).toEqual({ shown: ['call', 'a'], behind: ['later'] });
  });
  test('a row that is gone leaves, and leaves no hole behind the bar', () => {
    expect(holdOrder({ shown: ['a', 'b'], behind: ['c'] }, [row('b')])).toEqual({ shown: ['b'], behind: [] });
  });
  test('rows behind the bar stay there while nothing is shown', () => {
    expect(holdOrder({ shown: ['a'], behind: ['b'] }, [row('b')])).toEqual({ shown: [], behind: ['b'] });
  });
  test('revealing takes the order of the server', () => {
    expect(revealAll([row('c'), row('a')])).toEqual({ shown: ['c', 'a'], behind: [] });
  });
  test('after a verdict the row that took the place opens', () => {
    expect(nextAfter(['a', 'b', 'c'], 'b')).toBe('c');
    expect(nextAfter(['a', 'b', 'c'], 'c')).toBe('b');
    expect(nextAfter(['a'], 'a')).toBeNull();
  });
});
