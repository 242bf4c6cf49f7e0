import { expect, test, vi } from 'vitest';
import { DOUBLE_PRESS_MS, guardPress } from './press-guard';

test('a double press acts once, a later press acts again', () => {
  let now = 0;
  const act = vi.fn();
  const press = guardPress(act, { last: Number.NEGATIVE_INFINITY }, () => now);
  press();
  now += DOUBLE_PRESS_MS - 1;
  press();
  expect(act).toHaveBeenCalledTimes(1);
  now += 1;
  press();
  expect(act).toHaveBeenCalledTimes(2);
});
