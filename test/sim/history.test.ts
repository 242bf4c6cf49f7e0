import { describe, expect, test } from 'vitest';
import { checkHistory, type Finding, type FinalState, type HistoryEvent } from './history.js';

const saved = (id: string, seq: number, person = id): HistoryEvent => ({
  at: seq,
  terminal: 't1',
  type: 'saved',
  id,
  kind: 'duty.sign-in',
  seq,
  generation: 'g1',
  digest: `d-${id}`,
  sampled: true,
  person,
  slot: 's1',
});
const answered = (id: string, outcome: 'accepted' | 'refused' = 'accepted'): HistoryEvent => ({ at: 10, terminal: 't1', type: 'answered', id, outcome });

const soundHistory: HistoryEvent[] = [
  saved('a', 1),
  answered('a'),
  { at: 11, terminal: 't1', type: 'read', slot: 's1', seen: ['a'], asOf: 11 },
  { at: 12, terminal: 't1', type: 'resent', id: 'a', sameBody: true, outcome: 'accepted' },
  { at: 13, terminal: 't1', type: 'resent', id: 'a', sameBody: false, outcome: 'refused', code: 'ID_REUSED' },
];
const soundState: FinalState = {
  commands: [{ id: 'a', outcome: 'accepted', digest: 'd-a', device: 't1', generation: 'g1', seq: 1 }],
  signIns: [{ commandId: 'a', person: 'a', slot: 's1', signedAt: 1 }],
  effects: [],
  gaps: [],
  highWater: [{ device: 't1', generation: 'g1', seq: 1 }],
  audited: [{ commandId: 'a', leaves: 1 }],
  changes: [],
  items: [],
  anomalies: [],
  alerts: [],
  handovers: [],
  prompts: [],
  seats: [],
  auditVerified: true,
};

const rules = (findings: readonly Finding[]) => [...new Set(findings.map(({ rule }) => rule))].sort();

describe('the checker finds each way a run can be wrong', () => {
  test('a sound run has no finding', () => {
    expect(checkHistory(soundHistory, soundState)).toEqual([]);
  });

  const broken: [string, Finding['rule'], HistoryEvent[], FinalState][] = [
    ['an acknowledged sign-in is missing', 'C1', soundHistory, { ...soundState, signIns: [] }],
    [
      'a person stands twice in a slot',
      'C2',
      soundHistory,
      { ...soundState, signIns: [...soundState.signIns, { commandId: 'b', person: 'a', slot: 's1', signedAt: 1 }] },
    ],
    [
      'a command took effect twice',
      'C2',
      soundHistory,
      { ...soundState, signIns: [...soundState.signIns, { commandId: 'a', person: 'z', slot: 's1', signedAt: 1 }] },
    ],
    ['a saved command never got an answer', 'C3', [...soundHistory, saved('b', 2)], soundState],
    ['an id was answered in two ways', 'C3', [...soundHistory, answered('a', 'refused')], soundState],
    [
      'an id with another body was taken',
      'C3',
      [...soundHistory, { at: 14, terminal: 't1', type: 'resent', id: 'a', sameBody: false, outcome: 'accepted' }],
      soundState,
    ],
    [
      'a phantom',
      'C4',
      soundHistory,
      {
        ...soundState,
        commands: [...soundState.commands, { id: 'x', outcome: 'accepted', digest: '', device: 't1', generation: 'g1', seq: 2 }],
        audited: [...soundState.audited, { commandId: 'x', leaves: 1 }],
      },
    ],
    ['another content', 'C4', soundHistory, { ...soundState, commands: soundState.commands.map((command) => ({ ...command, digest: 'other' })) }],
    [
      'a number given twice',
      'C8',
      [...soundHistory, saved('b', 1), answered('b')],
      {
        ...soundState,
        commands: [...soundState.commands, { id: 'b', outcome: 'accepted', digest: 'd-b', device: 't1', generation: 'g1', seq: 1 }],
        effects: ['b'],
        audited: [...soundState.audited, { commandId: 'b', leaves: 1 }],
      },
    ],
    ['a silent hole in the sequence', 'C8', soundHistory, { ...soundState, highWater: [{ device: 't1', generation: 'g1', seq: 2 }] }],
    ['a wipe that nothing names', 'C8', [...soundHistory, saved('b', 2), { at: 15, terminal: 't1', type: 'wiped', generation: 'g1', lost: [2] }], soundState],
    ['a command without an audit leaf', 'C11', soundHistory, { ...soundState, audited: [] }],
    ['a log that does not verify', 'C11', soundHistory, { ...soundState, auditVerified: false }],
    ['an own write not read', 'C12', [...soundHistory, { at: 16, terminal: 't1', type: 'read', slot: 's1', seen: [], asOf: 16 }], soundState],
    ['a reading that goes back in time', 'C12', [...soundHistory, { at: 16, terminal: 't1', type: 'read', slot: 's1', seen: ['a'], asOf: 2 }], soundState],
  ];
  test.each(broken)('%s: %s', (_name, rule, history, state) => {
    expect(rules(checkHistory(history, state))).toEqual([rule]);
  });

  test('C8: a wipe whose gap is named is sound', () => {
    const history: HistoryEvent[] = [...soundHistory, saved('b', 2), { at: 15, terminal: 't1', type: 'wiped', generation: 'g1', lost: [2] }];
    expect(checkHistory(history, { ...soundState, gaps: [{ device: 't1', generation: 'g1', fromSeq: 2, toSeq: 2, filled: false }] })).toEqual([]);
  });
});
