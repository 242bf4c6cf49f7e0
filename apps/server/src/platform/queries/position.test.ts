import { id, instantText } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { Problem } from '../http/problem.js';
import { positionText, readPosition } from './position.js';

const SHAPES = [instantText, id] as const;
const AT = '2026-11-22T13:00:00.000Z';
const ID = '019aa000-0000-7000-8000-000000000000';

describe('the position in a list', () => {
  test('comes back as it was given out; without one the list begins', () => {
    expect(readPosition(positionText([AT, ID]), SHAPES)).toEqual([AT, ID]);
    expect(readPosition(undefined, SHAPES)).toBeNull();
  });

  test.each(['', '~', 'a~b', `${AT}~x`, `infinity~${ID}`, `${AT}~${ID}~${ID}`, AT, `${AT}\u0000~${ID}`])(
    '%j is answered as a mistake of the asker, never as a fault of the server',
    (cursor) => {
      expect(() => readPosition(cursor, SHAPES)).toThrow(Problem);
    },
  );
});
