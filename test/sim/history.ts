import type { CommandOutcome } from '@sallyport/contracts';

/** One line of what a simulated terminal did and learnt. `unknown` is an attempt whose answer never came. */
export type HistoryEvent =
  /** The terminal stored a command and showed "saved here". */
  | {
      readonly at: number;
      readonly terminal: string;
      readonly type: 'saved';
      readonly id: string;
      readonly kind: string;
      readonly seq: number;
      readonly generation: string;
      readonly digest: string;
      /** Whether the terminal knew the server's time when it was saved. */
      readonly sampled: boolean;
      /** Who acted, and for which cell and slot; an empty slot for acts that are no sign-ins. */
      readonly person: string;
      readonly slot: string;
    }
  /** The terminal learnt the outcome and showed it. */
  | {
      readonly at: number;
      readonly terminal: string;
      readonly type: 'answered';
      readonly id: string;
      readonly outcome: CommandOutcome['outcome'];
      readonly code?: string;
    }
  | { readonly at: number; readonly terminal: string; readonly type: 'unknown'; readonly id: string }
  /** The store of the terminal was wiped: what was not answered is gone, and the server must say so. */
  | { readonly at: number; readonly terminal: string; readonly type: 'wiped'; readonly generation: string; readonly lost: readonly number[] }
  /** The terminal read its own cell after an accepted sign-in; `seen` are the beds the server said are signed. */
  | { readonly at: number; readonly terminal: string; readonly type: 'read'; readonly slot: string; readonly seen: readonly string[]; readonly asOf: number }
  /** The harness sent an id again, with its own or with another body. */
  | {
      readonly at: number;
      readonly terminal: string;
      readonly type: 'resent';
      readonly id: string;
      readonly sameBody: boolean;
      readonly outcome: CommandOutcome['outcome'];
      readonly code?: string;
    };

/** What the database holds when all is quiet. */
export interface FinalState {
  readonly commands: readonly {
    readonly id: string;
    readonly outcome: CommandOutcome['outcome'];
    readonly digest: string;
    readonly device: string;
    readonly generation: string;
    readonly seq: number;
    /** Why it is parked. */
    readonly error?: string | null;
  }[];
  readonly signIns: readonly { readonly commandId: string; readonly person: string; readonly slot: string; readonly signedAt: number }[];
  /** Commands of other kinds whose effect is there. */
  readonly effects: readonly string[];
  readonly gaps: readonly {
    readonly device: string;
    readonly generation: string;
    readonly fromSeq: number;
    readonly toSeq: number;
    readonly filled: boolean;
  }[];
  readonly highWater: readonly { readonly device: string; readonly generation: string; readonly seq: number }[];
  readonly audited: readonly { readonly commandId: string; readonly leaves: number }[];
  /** The feed of changes, by the transaction that wrote it. */
  readonly changes: readonly { readonly xid: string; readonly topic: string; readonly cell: string | null }[];
  /** Reviews of anomalies, with how often a verdict took effect. */
  readonly items: readonly { readonly id: string; readonly ref: string; readonly state: string; readonly effects: number }[];
  readonly anomalies: readonly {
    readonly id: string;
    readonly cell: string;
    readonly slot: string | null;
    readonly kind: string;
    readonly state: string;
    readonly endedBy: string | null;
    readonly alert: string | null;
  }[];
  /** `attended`: somebody was there. */
  readonly alerts: readonly {
    readonly id: string;
    readonly kind: string;
    readonly state: string;
    readonly reopened: number;
    readonly attended: boolean;
  }[];
  readonly handovers: readonly { readonly id: string; readonly cell: string; readonly slot: string; readonly releasedAt: number | null }[];
  /** Prompts that were answered. */
  readonly prompts: readonly { readonly command: string; readonly askAt: number; readonly inTime: boolean }[];
  readonly seats: readonly { readonly cell: string; readonly slot: string; readonly person: string }[];
  readonly auditVerified: boolean;
}

/**
 * Rules beside the history's own: C10 a follower misses nothing, D19 the device's clock is never believed, ONE one batch under way, PARK only
 * what breaks is parked, DUTY28 nobody is released before the relief is there, DUTY31 an answer in time counts as one and a late one does not,
 * WORK one verdict takes effect, once, and anomalies stay, CALL a call is answered by one and ends after somebody was there.
 */
export type HouseRule = 'C10' | 'D19' | 'ONE' | 'PARK' | 'DUTY28' | 'DUTY31' | 'WORK' | 'CALL';

export interface Finding {
  readonly rule: 'C1' | 'C2' | 'C3' | 'C4' | 'C8' | 'C11' | 'C12' | HouseRule;
  readonly what: string;
}

type Of<Type extends HistoryEvent['type']> = Extract<HistoryEvent, { type: Type }>;

function pick<Type extends HistoryEvent['type']>(history: readonly HistoryEvent[], type: Type): Of<Type>[] {
  return history.filter((event): event is Of<Type> => event.type === type);
}

function countBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return counts;
}

/** C1: every act that a terminal was told is accepted is in the final state. */
function acknowledgedIsKept(history: readonly HistoryEvent[], final: FinalState): Finding[] {
  const kept = new Set([...final.signIns.map(({ commandId }) => commandId), ...final.effects]);
  return pick(history, 'answered')
    .filter(({ outcome, id }) => outcome === 'accepted' && !kept.has(id))
    .map(({ id, terminal }) => ({ rule: 'C1', what: `act ${id} was answered as accepted to ${terminal} and is not in the database` }));
}

/** C2: one sign-in per command and one per person and slot. */
function nothingTwice(_history: readonly HistoryEvent[], final: FinalState): Finding[] {
  const twice = (counts: Map<string, number>, what: string): Finding[] =>
    [...counts].filter(([, count]) => count > 1).map(([key, count]) => ({ rule: 'C2', what: `${what} ${key} stands ${count} times` }));
  return [
    ...twice(
      countBy(final.signIns, ({ commandId }) => commandId),
      'command',
    ),
    ...twice(
      countBy(final.signIns, ({ person, slot }) => `${person} ${slot}`),
      'person and slot',
    ),
  ];
}

/** C3: what was unknown is there once or not at all and ends with an answer; an id sent again gets its first outcome, with another body its own refusal. */
function unknownsResolve(history: readonly HistoryEvent[], final: FinalState): Finding[] {
  const outcomes = new Map(final.commands.map(({ id, outcome }) => [id, outcome]));
  const answers = new Map<string, Of<'answered'>[]>();
  for (const event of pick(history, 'answered')) answers.set(event.id, [...(answers.get(event.id) ?? []), event]);
  const findings: Finding[] = [];
  for (const [id, given] of answers) {
    if (new Set(given.map(({ outcome }) => outcome)).size > 1) findings.push({ rule: 'C3', what: `command ${id} was answered in two ways` });
    if (outcomes.get(id) !== given[0]?.outcome)
      findings.push({ rule: 'C3', what: `command ${id} was answered as ${given[0]?.outcome} and is kept as ${outcomes.get(id) ?? 'nothing'}` });
  }
  for (const { id, sameBody, outcome, code } of pick(history, 'resent')) {
    if (sameBody && outcome !== outcomes.get(id))
      findings.push({ rule: 'C3', what: `command ${id} sent again was answered as ${outcome}, first as ${outcomes.get(id)}` });
    if (!sameBody && code !== 'ID_REUSED') findings.push({ rule: 'C3', what: `command ${id} sent with another body was answered ${outcome} ${code ?? ''}` });
  }
  const lost = new Set(pick(history, 'wiped').flatMap(({ generation, lost: seqs }) => seqs.map((seq) => `${generation} ${seq}`)));
  for (const { id, generation, seq, terminal } of pick(history, 'saved')) {
    if (!answers.has(id) && !lost.has(`${generation} ${seq}`))
      findings.push({ rule: 'C3', what: `command ${id} of ${terminal} never got an answer after the faults had stopped` });
  }
  return findings;
}

/** C4: every kept command was made by a terminal, with that content. */
function noPhantoms(history: readonly HistoryEvent[], final: FinalState): Finding[] {
  const made = new Map(pick(history, 'saved').map((event) => [event.id, event]));
  return final.commands.flatMap(({ id, digest }): Finding[] => {
    const saved = made.get(id);
    if (!saved) return [{ rule: 'C4', what: `command ${id} is in the database and no terminal made it` }];
    return saved.digest === digest ? [] : [{ rule: 'C4', what: `command ${id} is kept with another content than was saved` }];
  });
}

/** C8: a number is given once in a generation; below the server's high-water mark each sequence number is answered or stands in the table of gaps; a wiped store leaves a named gap. */
function gapsAreNamed(history: readonly HistoryEvent[], final: FinalState): Finding[] {
  const present = new Set(final.commands.map(({ generation, seq }) => `${generation} ${seq}`));
  const named = (generation: string, seq: number) => final.gaps.some((gap) => gap.generation === generation && gap.fromSeq <= seq && seq <= gap.toSeq);
  const numbers = countBy(final.commands, ({ generation, seq }) => `${generation} ${seq}`);
  const findings: Finding[] = [...numbers].filter(([, count]) => count > 1).map(([number]) => ({ rule: 'C8', what: `number ${number} was given twice` }));
  for (const { generation, seq: top, device } of final.highWater) {
    for (let seq = 1; seq <= top; seq += 1) {
      if (!present.has(`${generation} ${seq}`) && !named(generation, seq))
        findings.push({ rule: 'C8', what: `sequence ${seq} of ${device} is missing and no gap names it` });
    }
  }
  for (const { generation, lost, terminal } of pick(history, 'wiped')) {
    for (const seq of lost) {
      if (!present.has(`${generation} ${seq}`) && !named(generation, seq))
        findings.push({ rule: 'C8', what: `sequence ${seq} was wiped from ${terminal} and no gap names it` });
    }
  }
  return findings;
}

/** C11: each kept command has exactly one audit leaf and the log verifies. */
function auditIsWhole(_history: readonly HistoryEvent[], final: FinalState): Finding[] {
  const leaves = new Map(final.audited.map(({ commandId, leaves: count }) => [commandId, count]));
  const findings: Finding[] = final.commands
    .filter(({ id }) => leaves.get(id) !== 1)
    .map(({ id }) => ({ rule: 'C11', what: `command ${id} has ${leaves.get(id) ?? 0} audit leaves` }));
  return final.auditVerified ? findings : [...findings, { rule: 'C11', what: 'the audit log does not verify' }];
}

/** C12: a reading begun after the terminal's own accepted sign-in shows it, and readings never go back in time. */
function readsOwnWrites(history: readonly HistoryEvent[]): Finding[] {
  const findings: Finding[] = [];
  const people = new Map(pick(history, 'saved').map(({ id, person, slot }) => [id, { person, slot }]));
  const signed = new Map<string, { person: string; slot: string }[]>();
  const newest = new Map<string, number>();
  for (const event of history) {
    if (event.type === 'answered' && event.outcome === 'accepted') {
      const own = people.get(event.id);
      if (own) signed.set(event.terminal, [...(signed.get(event.terminal) ?? []), own]);
    }
    if (event.type !== 'read') continue;
    if (event.asOf < (newest.get(event.terminal) ?? 0)) findings.push({ rule: 'C12', what: `${event.terminal} read an older state after a newer one` });
    newest.set(event.terminal, Math.max(event.asOf, newest.get(event.terminal) ?? 0));
    for (const own of signed.get(event.terminal) ?? []) {
      if (own.slot === event.slot && !event.seen.includes(own.person))
        findings.push({ rule: 'C12', what: `${event.terminal} did not read its own accepted sign-in of ${own.person}` });
    }
  }
  return findings;
}

/** Everything that is wrong with a run: rules C1 to C4, C8, C11 and C12. Empty means sound. `history` is in the order in which things happened. */
export function checkHistory(history: readonly HistoryEvent[], final: FinalState): Finding[] {
  return [acknowledgedIsKept, nothingTwice, unknownsResolve, noPhantoms, gapsAreNamed, auditIsWhole, readsOwnWrites].flatMap((rule) => rule(history, final));
}
