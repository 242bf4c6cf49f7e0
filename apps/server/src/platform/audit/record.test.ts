import { createHash } from 'node:crypto';
import type { Random } from '@sallyport/basics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, storableJson } from './canonical.js';
import { leafHash } from './merkle.js';
import { type AuditEntry, auditRecord, contentHashOf } from './record.js';

const zero: Random = { bytes: (array) => array.fill(0) };
const ENTRY: AuditEntry = {
  at: Date.UTC(2026, 10, 22, 14),
  action: 'duty.sign-in',
  actor: { kind: 'device', id: 'd1' },
  outcome: 'accepted',
  cell: '0101',
  detail: { late: false },
};

describe('canonical JSON (RFC 8785)', () => {
  test('orders members by code unit, numbers like any other', () => {
    expect(canonicalJson({ b: [1, { '\u20ac': 1, '\r': 2 }], a: null, '10': 1, '9': 2, gone: undefined })).toBe(
      '{"10":1,"9":2,"a":null,"b":[1,{"\\r":2,"\u20ac":1}]}',
    );
  });

  test('is the same for a value and for its way through JSON in any order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const stored = storableJson(value);
        const turned = JSON.parse(JSON.stringify(stored), (_key, member: unknown) =>
          member !== null && typeof member === 'object' && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).reverse()) : member,
        ) as unknown;
        expect(canonicalJson(turned)).toBe(canonicalJson(stored));
        expect(JSON.parse(canonicalJson(stored))).toEqual(stored);
      }),
    );
  });
});

describe('a record', () => {
  test('hashes exactly what the migration says', () => {
    const record = auditRecord(ENTRY, zero);
    const content = createHash('sha256')
      .update('{"actor":{"id":"d1","kind":"device"},"block":"01","cell":"0101","detail":{"late":false},"outcome":"accepted","salt":"AAAAAAAAAAAAAAAAAAAAAA=="}')
      .digest();
    expect(record.contentHash).toEqual(content);
    const header = `{"action":"duty.sign-in","at":"2026-11-22T14:00:00.000Z","content":"${content.toString('base64')}","id":"${record.id}","v":1}`;
    expect(record.leafHash).toEqual(leafHash(Buffer.from(header)));
    expect(record.id.slice(0, 13)).toBe(
      ENTRY.at
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-'),
    );
  });

  test('takes words that no database can hold, cut and cleaned', () => {
    const record = auditRecord({ ...ENTRY, reason: `\0\ud800 ${'\u{1f600}'.repeat(1_200)}`, detail: { 'k\0': ['\udfff'] } }, zero);
    expect(Array.from(record.content.reason ?? '')).toHaveLength(1_000);
    expect(record.content.reason?.slice(0, 3)).toBe('\ufffd\ufffd ');
    expect(record.content.detail).toEqual({ 'k\ufffd': ['\ufffd'] });
    expect(contentHashOf(record.content)).toEqual(record.contentHash);
  });

  test('does not take a malformed action or a document', () => {
    expect(() => auditRecord({ ...ENTRY, action: 'Sign in' }, zero)).toThrow('noun.verb');
    expect(() => auditRecord({ ...ENTRY, detail: 'x'.repeat(20_000) }, zero)).toThrow('larger than');
  });
});
