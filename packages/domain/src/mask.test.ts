import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskIdNumber, maskName, maskPhone } from './mask.js';

describe('masking', () => {
  test.each([
    ['张三', '张*'],
    ['张伟三', '张*三'],
    ['欧阳娜娜', '欧**娜'],
    ['欧阳娜娜子', '欧***子'],
    ['张', '*'],
    ['𠮷田', '𠮷*'],
    ['买买提·艾力', '买**·艾**'],
    ['买买提•艾力', '买**·艾**'],
    ['阿卜杜拉·买买提·艾力', '阿**·买**·艾**'],
    ['John Smith', 'J***'],
    ['بەختىيار', 'ب***'],
    ['  张三 ', '张*'],
    ['·', '*'],
    ['', '*'],
  ])('MASK1: %s is shown as %s', (name, shown) => {
    expect(maskName(name)).toBe(shown);
  });

  test.each([
    ['310101199001011212', '310*************12'],
    ['12345', '*****'],
    ['', ''],
  ])('MASK2: identity number %s', (number, shown) => {
    expect(maskIdNumber(number)).toBe(shown);
  });

  test('MASK2: telephone numbers keep the last two digits', () => {
    expect(maskPhone('13912345678')).toBe('*********78');
    expect(maskPhone('12')).toBe('**');
  });

  test('MASK3: no whole name of two letters or more comes through', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 20, unit: fc.constantFrom('张', '伟', 'a', 'ب', '·', 'ü', '𠮷') }), (name) => {
        const shown = maskName(name);
        expect(shown).toContain('*');
        expect(shown).not.toBe(name);
      }),
    );
  });
});
