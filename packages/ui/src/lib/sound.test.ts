import { expect, test } from 'vitest';
import { tones } from './sound';

test('alarm levels differ by the number of tones: five, three, one', () =>
  expect([tones.high.length, tones.medium.length, tones.low.length]).toEqual([5, 3, 1]));
test('tones of a pattern never overlap', () => {
  for (const pattern of Object.values(tones))
    pattern.forEach((tone, index) =>
      expect(tone.at).toBeGreaterThanOrEqual(index === 0 ? 0 : (pattern[index - 1]?.at ?? 0) + (pattern[index - 1]?.length ?? 0)),
    );
});
