import type { AlertRow } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { nextInFront } from './new-alarms';

const row = (id: string, part: Partial<AlertRow> = {}): AlertRow => ({
  id,
  kind: 'emergency-call',
  level: 'high',
  cell: '0302',
  place: null,
  state: 'calling',
  raisedAt: '2026-11-22T00:00:00.000Z',
  count: 1,
  acknowledgedBy: null,
  arriveBy: null,
  soundPaused: null,
  title: '',
  ...part,
});

describe('which alarm comes in front (ux R14, R18)', () => {
  test('a high one that nobody has acknowledged, once', () => {
    const first = nextInFront([row('a')], new Set());
    expect(first.alarm?.id).toBe('a');
    expect(nextInFront([row('a')], first.shown).alarm).toBeNull();
    expect(nextInFront([row('a'), row('b')], first.shown).alarm?.id).toBe('b');
  });
  test('never a lower one, nor one that somebody has', () => {
    expect(nextInFront([row('a', { level: 'medium' }), row('b', { state: 'acknowledged' })], new Set()).alarm).toBeNull();
  });
  test('again when it was reopened', () => {
    const { shown } = nextInFront([row('a', { state: 'acknowledged' })], new Set(['a']));
    expect(nextInFront([row('a')], shown).alarm?.id).toBe('a');
  });
});
