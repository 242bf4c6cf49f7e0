import { createHash } from 'node:crypto';
import { addDays } from '@sallyport/basics';
import type { PersonFacts, WatchFlag } from '@sallyport/contracts';
import { type Draw, shuffled } from '@sallyport/domain';
import { newPin } from '../../person/index.js';
import type { SeedCell } from './cells.js';
import { personNameOf } from './names.js';

export interface SeedPerson {
  readonly number: string;
  readonly name: string;
  readonly cell: string;
  readonly bed: number;
  readonly admittedOn: string;
  readonly facts: PersonFacts;
}
type Draft = Omit<SeedPerson, 'number'>;

/** Share of the people of a transition cell who are not new: somebody there must know the rules and be able to serve. */
const SETTLED_IN_TRANSITION = 0.45;
const DAYS_OF_YEAR = 365.25;
const MEAN_STAY_DAYS = 120;
const TRANSITION_DAYS = 14;
/** Past the time in which somebody counts as new for duty. */
const SETTLED_DAYS = 31;
const LONGEST_STAY_DAYS = 420;
/** Beds that stand empty between others, so that free beds are not only the last ones. */
const EMPTY_BED_SHARE = 0.1;
const CO_SUSPECT_SHARE = 0.1;

/** Flags with their share of people; most carry none. */
const FLAGS: readonly (readonly [WatchFlag, number])[] = [
  ['self-harm-watch', 0.012],
  ['mental-illness', 0.01],
  ['acute-illness', 0.02],
  ['restraints', 0.006],
  ['confinement', 0.004],
  ['disabled', 0.015],
  ['court-tomorrow', 0.015],
  ['transfer-tomorrow', 0.008],
];

function daysHeld(cell: SeedCell, draw: Draw): number {
  if (cell.use === 'transition' && draw() >= SETTLED_IN_TRANSITION) return 1 + Math.floor(draw() * TRANSITION_DAYS);
  return Math.min(LONGEST_STAY_DAYS, SETTLED_DAYS + Math.floor(-Math.log(1 - draw()) * MEAN_STAY_DAYS));
}

function ageOf(cell: SeedCell, draw: Draw): number {
  if (cell.use === 'minors') return 16 + Math.floor(draw() * 2);
  const old = draw() < 0.03;
  return old ? 65 + Math.floor(draw() * 10) : 19 + Math.floor(draw() ** 1.6 * 44);
}

function factsOf(cell: SeedCell, today: string, draw: Draw): PersonFacts {
  const age = ageOf(cell, draw);
  const flags = FLAGS.filter(([, part]) => draw() < part).map(([flag]) => flag);
  if (cell.sex === 'female' && age < 45 && draw() < 0.02) flags.push('pregnant');
  if (age >= 70) flags.push('very-old');
  const risk = draw();
  return {
    sex: cell.sex,
    birthDate: addDays(today, -Math.floor(age * DAYS_OF_YEAR + draw() * 360) - 1),
    sentenced: cell.use === 'sentenced',
    riskLevel: risk < 0.03 ? 1 : risk < 0.13 ? 2 : risk < 0.3 ? 3 : null,
    flags,
    coSuspectGroup: null,
  };
}

function peopleOfCell(cell: SeedCell, today: string, draw: Draw): Draft[] {
  const people: Draft[] = [];
  let bed = 0;
  let spare = cell.capacity - cell.people;
  while (people.length < cell.people) {
    bed += 1;
    if (spare > 0 && draw() < EMPTY_BED_SHARE) {
      spare -= 1;
      continue;
    }
    const facts = factsOf(cell, today, draw);
    people.push({ name: personNameOf(cell.sex, draw), cell: cell.number, bed, admittedOn: addDays(today, -daysHeld(cell, draw)), facts });
  }
  return people;
}

/** Gives some people a common case, never two of one cell. */
function withCoSuspects(people: readonly Draft[], today: string, draw: Draw): Draft[] {
  const left = shuffled(people, draw).slice(0, Math.floor(people.length * CO_SUSPECT_SHARE));
  const groups = new Map<Draft, string>();
  for (let group = 1; left.length >= 2; group += 1) {
    const wanted = 2 + Math.floor(draw() * 3);
    const label = `${today.slice(0, 4)}-刑-${String(group).padStart(3, '0')}`;
    const cells = new Set<string>();
    for (const person of left.splice(0, wanted)) {
      if (cells.has(person.cell)) continue;
      cells.add(person.cell);
      groups.set(person, label);
    }
  }
  return people.map((person) => ({ ...person, facts: { ...person.facts, coSuspectGroup: groups.get(person) ?? null } }));
}

/** Numbers by date of admission: the year and a sequence within it. */
function numbered(people: readonly Draft[]): SeedPerson[] {
  const order = [...people].sort((a, b) => (a.admittedOn < b.admittedOn ? -1 : a.admittedOn > b.admittedOn ? 1 : 0));
  const lastOfYear = new Map<string, number>();
  const numbers = new Map<Draft, string>();
  for (const person of order) {
    const year = person.admittedOn.slice(0, 4);
    const next = (lastOfYear.get(year) ?? 0) + 1;
    lastOfYear.set(year, next);
    numbers.set(person, year + String(next).padStart(4, '0'));
  }
  return people.map((person) => ({ ...person, number: numbers.get(person) ?? '' }));
}

/** Invented people of a demo site, the same for the same site and date; by cell and bed. */
export function seedPeople(cells: readonly SeedCell[], today: string, draw: Draw): SeedPerson[] {
  const people = cells.flatMap((cell) => peopleOfCell(cell, today, draw));
  return numbered(withCoSuspects(people, today, draw));
}

/** The PIN of an invented person, derived from the number so that the demo can name it again. */
export function seedPin(site: string, number: string): string {
  let round = 0;
  const bytes = (array: Uint8Array) => {
    const hash = createHash('sha256').update(`sallyport-demo-pin\n${site}\n${number}\n${round}`).digest();
    round += 1;
    array.set(hash.subarray(0, array.length));
    return array;
  };
  return newPin({ bytes });
}
