import { expect, test } from 'vitest';
import { ringLevel, ringText } from './queue-row';

test('green above half of the time, amber below, red when it is over', () => {
  expect([ringLevel(31, 60), ringLevel(30, 60), ringLevel(0, 60), ringLevel(-1, 60)]).toEqual(['calm', 'soon', 'soon', 'over']);
});
test.each([
  ['5 小时', true, '+5', '小时'],
  ['59 min', true, '+59', 'min'],
  ['12 天', false, '12', '天'],
  ['365 d', true, '99+', 'd'],
  ['0 秒', false, '0', '秒'],
])('%s in the ring', (text, isOver, count, unit) => {
  expect(ringText(text, isOver)).toEqual({ count, unit });
  expect(count.length).toBeLessThanOrEqual(3);
});
