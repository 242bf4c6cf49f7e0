import { describe, expect, test } from 'vitest';
import { decisionInput, EMPTY_DRAFT, missing } from './decision';

describe('WORK: a verdict is sent only with what its kind asks for (ux R6)', () => {
  test('a reason from the list is enough, "other" needs words', () => {
    expect(missing(['reason'], EMPTY_DRAFT)).toBe('reason');
    expect(missing(['reason'], { ...EMPTY_DRAFT, reasonCode: 'duplicate' })).toBeNull();
    expect(missing(['reason'], { ...EMPTY_DRAFT, reasonCode: 'other' })).toBe('reason');
    expect(missing(['reason'], { ...EMPTY_DRAFT, reasonCode: 'other', note: 'why' })).toBeNull();
  });
  test('measure and result are both needed', () => {
    expect(missing(['measure-and-result'], { ...EMPTY_DRAFT, measure: 'went there' })).toBe('measure-and-result');
    expect(missing(['measure-and-result'], { ...EMPTY_DRAFT, measure: 'went there', result: 'calm' })).toBeNull();
  });
  test('six digits are needed, spaces are not counted', () => {
    expect(missing(['check-value'], { ...EMPTY_DRAFT, checkValue: '12345' })).toBe('check-value');
    expect(missing(['check-value'], { ...EMPTY_DRAFT, checkValue: '123 456' })).toBeNull();
  });
  test('only what the verdict needs is sent', () => {
    expect(decisionInput([], { ...EMPTY_DRAFT, measure: 'left over' })).toEqual({});
    expect(decisionInput(['check-value'], { ...EMPTY_DRAFT, checkValue: '123 456' })).toEqual({ input: { checkValue: '123456' } });
    expect(decisionInput(['measure-and-result'], { ...EMPTY_DRAFT, measure: ' went ', result: 'calm ' })).toEqual({
      input: { measure: 'went', result: 'calm' },
    });
  });
});
