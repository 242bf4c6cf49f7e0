import { MINUTE, SECOND } from '@sallyport/basics';
import type { Faults } from './faults.js';
import type { FinalState, Finding, HistoryEvent } from './history.js';
import { FIRST_SLOT } from './template.js';

export interface HouseEvidence {
  readonly history: readonly HistoryEvent[];
  readonly ending: FinalState;
  readonly terminals: readonly { readonly name: string; readonly crowded: number }[];
  /** Commands at which the database was made to break. */
  readonly poisoned: ReadonlySet<string>;
  readonly faults: Faults;
}

/** Half a round trip on a bad line, twice: once in the sample of the clock, once in the act itself. */
const TOLERANCE = 16 * SECOND;
const OPENS_BEFORE = 10 * MINUTE;
const ON_TIME_FOR = 3 * MINUTE;
const CLOSES_AFTER = 10 * MINUTE;
const ANSWER_WITHIN = 60 * SECOND;
/** The key of a slot: its start on the site's calendar. */
const keyOf = (start: number) => new Date(start + 8 * 60 * MINUTE).toISOString().slice(0, 16);

type Saved = Extract<HistoryEvent, { type: 'saved' }>;

/** D19: a terminal that knew the server's time is judged by it, whatever its wall clock said. */
function judgedByTrueTime({ history, ending }: HouseEvidence): Finding[] {
  const signedAt = new Map(ending.signIns.map((row) => [row.commandId, row.signedAt]));
  const answers = new Map(history.flatMap((event) => (event.type === 'answered' ? [[event.id, event] as const] : [])));
  const signIns = history.filter((event): event is Saved => event.type === 'saved' && event.kind === 'duty.sign-in' && event.sampled);
  return signIns.flatMap(({ id, at, terminal }): Finding[] => {
    const signed = signedAt.get(id);
    const late = at > FIRST_SLOT + ON_TIME_FOR - TOLERANCE;
    if (signed !== undefined && signed < at - TOLERANCE)
      return [{ rule: 'D19', what: `sign-in ${id} of ${terminal} counts ${(at - signed) / SECOND} s before it was made` }];
    const code = answers.get(id)?.code;
    const inWindow = at >= FIRST_SLOT - OPENS_BEFORE && !late;
    const refused = code === 'WINDOW_CLOSED' || code === 'WINDOW_NOT_OPEN' || code === 'NO_DUTY_NOW';
    return inWindow && refused ? [{ rule: 'D19', what: `sign-in ${id} of ${terminal} was made in time and is refused as ${code}` }] : [];
  });
}

/** ONE: a terminal has one batch under way at a time, however many pages are open on it. */
function oneAtATime({ terminals }: HouseEvidence): Finding[] {
  return terminals
    .filter(({ crowded }) => crowded > 0)
    .map(({ name, crowded }) => ({ rule: 'ONE', what: `${name} had two batches under way ${crowded} times` }));
}

/** PARK: only a command at which the server breaks is parked, and none of its neighbours. */
function onlyPoisonIsParked({ ending, poisoned }: HouseEvidence): Finding[] {
  return ending.commands
    .filter(({ id, outcome }) => outcome === 'parked' && !poisoned.has(id))
    .map(({ id, error }) => ({ rule: 'PARK', what: `command ${id} is parked by "${error}" and nothing was wrong with it` }));
}

/** DUTY28: who was on duty is released at the end of the slot at the earliest, and only when both who follow have signed in. */
function relievedFirst({ ending }: HouseEvidence): Finding[] {
  return ending.handovers.flatMap(({ id, cell, releasedAt }): Finding[] => {
    if (releasedAt === null) return [];
    const finding = (what: string): Finding[] => [{ rule: 'DUTY28', what: `handover ${id} of ${cell} was released ${what}` }];
    if (releasedAt < FIRST_SLOT) return finding('before the end of the slot');
    const place = `${cell} ${keyOf(FIRST_SLOT)}`;
    const due = ending.seats.filter((seat) => `${seat.cell} ${seat.slot}` === place);
    const there = ending.signIns.filter(({ slot, signedAt }) => slot === place && signedAt <= releasedAt);
    return there.length < due.length && releasedAt < FIRST_SLOT + CLOSES_AFTER ? finding(`when ${there.length} of ${due.length} were there`) : [];
  });
}

/** DUTY31: whether a prompt was answered in time is told by when the person pressed, whenever the answer came. */
function answersCountByTheirTime({ history, ending, faults }: HouseEvidence): Finding[] {
  const answers = new Map(ending.prompts.map((prompt) => [prompt.command, prompt]));
  const presses = history.filter((event): event is Saved => event.type === 'saved' && event.kind === 'duty.presence' && event.sampled);
  return presses.flatMap(({ id, at, terminal }): Finding[] => {
    const prompt = answers.get(id);
    if (!prompt) return [];
    const took = at - prompt.askAt;
    const what = `prompt of ${terminal} was answered after ${took / SECOND} s and counts as ${prompt.inTime ? 'in time' : 'late'}`;
    // A clock in doubt is left to an officer: then it counts for the person.
    const wrong = prompt.inTime ? took > ANSWER_WITHIN + TOLERANCE && !faults.has('clock') : took < ANSWER_WITHIN - TOLERANCE;
    return wrong ? [{ rule: 'DUTY31', what }] : [];
  });
}

/** The rules of the house that the history alone does not tell. */
export function checkHouse(evidence: HouseEvidence): Finding[] {
  return [judgedByTrueTime, oneAtATime, onlyPoisonIsParked, relievedFirst, answersCountByTheirTime].flatMap((rule) => rule(evidence));
}
