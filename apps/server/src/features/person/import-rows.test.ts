import { describe, expect, test } from 'vitest';
import { readImport } from './import-rows.js';
import { newPin } from './pin.js';

const HEADER = 'number,name,sex,birthDate,cell,bed,admittedOn,sentenced,riskLevel,flags,coSuspectGroup';
const ROW = '20260001,王建国,male,1990-01-02,0101,3,2026-11-01,false,,,';

describe('reading an import', () => {
  test('the columns of the contract, with a byte order mark, become admissions', () => {
    expect(readImport(`\ufeff${HEADER}\r\n${ROW}\r\n`)).toEqual([
      {
        line: 2,
        number: '20260001',
        admission: {
          number: '20260001',
          name: '王建国',
          sex: 'male',
          birthDate: '1990-01-02',
          cell: '0101',
          bed: 3,
          admittedOn: '2026-11-01',
          sentenced: false,
          riskLevel: null,
          flags: [],
          coSuspectGroup: null,
        },
      },
    ]);
  });

  test('the usual Chinese headings and words are understood', () => {
    const rows = readImport(
      '所内编号,姓名,性别,出生日期,监室,床位,入所日期,已决,标记\n20260001,古丽·艾力,女,1990-01-02,101,3,2026-11-01,否,pregnant；disabled\n',
    );
    expect(rows).toMatchObject([{ admission: { sex: 'female', cell: '0101', sentenced: false, flags: ['pregnant', 'disabled'] } }]);
  });

  test('each wrong row names its line, its field and the rule', () => {
    const csv = [HEADER, ROW.replace('0101,3', '0101,99'), ROW.replace('王建国', ''), ROW.replace('1990-01-02', '2.1.1990'), ROW.replace('王', '\ufffd')].join(
      '\n',
    );
    expect(readImport(csv)).toMatchObject([
      { line: 2, field: 'bed' },
      { line: 3, field: 'name', rule: 'must not be empty' },
      { line: 4, field: 'birthDate' },
      { line: 5, field: 'name', rule: expect.stringContaining('encoding') },
    ]);
  });

  test('a file without its columns, with unknown ones or torn quotes is refused whole', () => {
    expect(readImport('number,name\n1,2')).toMatchObject({ rule: 'column-missing' });
    expect(readImport(`${HEADER},faith\n${ROW},x`)).toMatchObject({ rule: 'column-unknown' });
    expect(readImport(`${HEADER}\n"${ROW}`)).toMatchObject({ rule: 'quotes' });
    expect(readImport([HEADER, ...Array.from({ length: 5_001 }, () => ROW)].join('\n'))).toMatchObject({ rule: 'too-many-rows' });
  });
});

test('a PIN that anybody tries first is drawn again', () => {
  const drawn = [123_456, 0, 111_111, 654_321, 135_735];
  let next = 0;
  const random = {
    bytes(array: Uint8Array) {
      new DataView(array.buffer).setUint32(0, drawn[next] ?? 0);
      next += 1;
      return array;
    },
  };
  expect(newPin(random)).toBe('135735');
});
