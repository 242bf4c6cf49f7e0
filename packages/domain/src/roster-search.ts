import type { Pair, RosterProblem } from './roster-problem.js';
import { type Draw, shuffled } from './seeded.js';

/** Per slot the pair that serves, or null. */
export type Seating = readonly (Pair | null)[];

/*
 * Weights keep the aims apart: a filled slot before everything, then even nights, then the rest.
 * The squares of night counts of one cell stay far below 10^6, the rest far below 10^6 as well.
 */
const UNFILLED = 1e12;
const NIGHT = 1e6;
const TWICE_A_DAY = 40;
const OVER_PAIR_LIMIT = 60;
/** Pairs looked at per slot when a day is planned again: enough for variety, few enough for speed. */
const WIDTH = 24;
/** Days planned again before the search gives up on more evenness. Bounds the time, not the result of small cells. */
const ROUNDS = 90;
/** Rounds without any gain after which even nights are taken as good enough once they are within the goal. */
const POLISH = 24;

/** Running counts of a seating. */
class Tally {
  readonly nights: number[];
  readonly total: number[];
  readonly together: number[];
  private readonly count: number;

  constructor(
    private readonly problem: RosterProblem,
    seating: Seating,
    except: readonly number[],
  ) {
    this.count = problem.ids.length;
    this.nights = [...problem.nights];
    this.total = new Array<number>(this.count).fill(0);
    this.together = [...problem.together];
    seating.forEach((pair, slot) => {
      if (pair && !except.includes(slot)) this.add(slot, pair);
    });
  }

  private add(slot: number, [a, b]: Pair): void {
    for (const person of [a, b]) {
      this.total[person] = (this.total[person] ?? 0) + 1;
      if (this.problem.slots[slot]?.night) this.nights[person] = (this.nights[person] ?? 0) + 1;
    }
    const key = a * this.count + b;
    this.together[key] = (this.together[key] ?? 0) + 1;
  }

  /** What one more pair in a slot adds to the cost. */
  price(night: boolean, [a, b]: Pair): number {
    const serve = (person: number) => (night ? NIGHT * (2 * (this.nights[person] ?? 0) + 1) : 0) + 2 * (this.total[person] ?? 0) + 1;
    const times = this.together[a * this.count + b] ?? 0;
    return serve(a) + serve(b) + 2 * times + 1 + (times >= this.problem.pairLimit ? OVER_PAIR_LIMIT : 0);
  }
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** How good a whole seating is; less is better. */
export function seatingCost(problem: RosterProblem, seating: Seating): number {
  const tally = new Tally(problem, seating, []);
  const unfilled = seating.filter((pair) => pair === null).length;
  const over = tally.together.reduce((sum, times) => sum + Math.max(0, times - problem.pairLimit), 0);
  const perDay = problem.days.map((day) => {
    const counts = new Map<number, number>();
    for (const slot of day) for (const person of seating[slot] ?? []) counts.set(person, (counts.get(person) ?? 0) + 1);
    return [...counts.values()].reduce((sum, times) => sum + times * (times - 1), 0);
  });
  return (
    unfilled * UNFILLED +
    squares(tally.nights) * NIGHT +
    squares(tally.total) +
    squares(tally.together) +
    over * OVER_PAIR_LIMIT +
    perDay.reduce((sum, twice) => sum + twice, 0) * TWICE_A_DAY
  );
}

/** A pair, or nobody, that may sit in a slot, with its price before anything else of the day is known. */
interface Option {
  readonly pair: Pair | null;
  readonly price: number;
}

/** A way to seat the day up to some slot; `last` is the pair there, `load` what the day has asked of each person so far. */
interface Path {
  readonly cost: number;
  readonly last: Pair | null;
  readonly seats: readonly (Pair | null)[];
  readonly load: readonly number[];
}

/** One service in a load; a night service counts its own unit as well. A day has fewer than 1,000 slots. */
const SERVICE = 1;
const NIGHT_SERVICE = 1_000;

/** What a load adds to the price of one more service of its person. */
function loadPrice(load: number, night: boolean): number {
  if (load === 0) return 0;
  const nights = Math.floor(load / NIGHT_SERVICE);
  return (night ? 2 * NIGHT * nights : 0) + (2 + 2 * TWICE_A_DAY) * (load % NIGHT_SERVICE);
}

function touches(pair: Pair | null | undefined, other: Pair | null | undefined): boolean {
  return Boolean(pair && other && (pair[0] === other[0] || pair[0] === other[1] || pair[1] === other[0] || pair[1] === other[1]));
}

/** The pairs that may sit in a slot given its neighbours outside the day, cheapest first with some chance, and nobody. */
function optionsFor(problem: RosterProblem, seating: Seating, slot: number, day: ReadonlySet<number>, tally: Tally, width: number, draw: Draw): Option[] {
  const night = problem.slots[slot]?.night ?? false;
  const fixed = problem.fixed[slot];
  if (fixed !== undefined) return [{ pair: fixed, price: fixed ? tally.price(night, fixed) : UNFILLED }];
  const outside = [problem.before[slot] ?? -1, problem.after[slot] ?? -1].filter((other) => other >= 0 && !day.has(other)).map((other) => seating[other]);
  const resting = problem.resting[slot] ?? new Set<number>();
  const barred = (pair: Pair) => resting.has(pair[0]) || resting.has(pair[1]) || outside.some((other) => touches(pair, other));
  const options: Option[] = (problem.pairs[slot] ?? []).filter((pair) => !barred(pair)).map((pair) => ({ pair, price: tally.price(night, pair) }));
  const nobody = { pair: null, price: UNFILLED };
  if (options.length <= width) return [...shuffled(options, draw), nobody];
  const ranked = options.map((option) => ({ option, rank: option.price + draw() * NIGHT })).sort((a, b) => a.rank - b.rank);
  return [...ranked.slice(0, width).map(({ option }) => option), nobody];
}

function extended(path: Path, { pair }: Option, cost: number, night: boolean): Path {
  const load = [...path.load];
  for (const person of pair ?? []) load[person] = (load[person] ?? 0) + SERVICE + (night ? NIGHT_SERVICE : 0);
  return { cost, last: pair, seats: [...path.seats, pair], load };
}

/** The cheapest way to come to an option, by the true cost of the day so far, or null when nobody before may be followed by it. */
function cheapest(paths: readonly Path[], option: Option, linked: boolean, night: boolean): Path | null {
  const { pair, price } = option;
  let best: Path | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    if (path.cost + price >= bestCost || (linked && touches(path.last, pair))) continue;
    const cost = path.cost + price + (pair ? loadPrice(path.load[pair[0]] ?? 0, night) + loadPrice(path.load[pair[1]] ?? 0, night) : 0);
    if (cost < bestCost) [best, bestCost] = [path, cost];
  }
  return best && extended(best, option, bestCost, night);
}

/** Seats one day anew with all other days as they are: for every pair at a slot the cheapest way to get there (Viterbi). Exact about who may follow whom. */
function planDay(problem: RosterProblem, seating: Seating, day: readonly number[], width: number, draw: Draw): Seating {
  const tally = new Tally(problem, seating, day);
  const members = new Set(day);
  let paths: Path[] = [{ cost: 0, last: null, seats: [], load: problem.ids.map(() => 0) }];
  for (const slot of day) {
    const linked = members.has(problem.before[slot] ?? -1);
    const night = problem.slots[slot]?.night ?? false;
    const stands = problem.fixed[slot] !== undefined;
    paths = optionsFor(problem, seating, slot, members, tally, width, draw).flatMap((option) => {
      // What stands stays even beside a neighbour that it should not follow; the conflict is shown to the officer.
      const path = cheapest(paths, option, linked, night) ?? (stands ? cheapest(paths, option, false, night) : null);
      return path ? [path] : [];
    });
  }
  const best = paths.reduce((one, other) => (other.cost < one.cost ? other : one));
  const next = [...seating];
  day.forEach((slot, index) => {
    next[slot] = best.seats[index] ?? null;
  });
  return next;
}

/** Plans a day with few pairs per slot, and with all of them if that leaves a slot empty. */
function planDayFully(problem: RosterProblem, seating: Seating, day: readonly number[], draw: Draw): Seating {
  const quick = planDay(problem, seating, day, WIDTH, draw);
  return day.every((slot) => quick[slot]) ? quick : planDay(problem, seating, day, Number.POSITIVE_INFINITY, draw);
}

/** Largest difference of nights, history and credit included, between people who could be seated at night at all. */
function nightSpread(problem: RosterProblem, seating: Seating): number {
  const nights = new Tally(problem, seating, []).nights.filter((_, person) => problem.able.has(person));
  return nights.length === 0 ? 0 : Math.max(...nights) - Math.min(...nights);
}

/** A good seating: day by day, then days drawn by chance planned again as long as that helps. */
export function searchSeating(problem: RosterProblem, goal: number, draw: Draw): Seating {
  let seating: Seating = problem.fixed.map((pair) => pair ?? null);
  for (const day of problem.days) seating = planDayFully(problem, seating, day, draw);
  let cost = seatingCost(problem, seating);
  let idle = 0;
  for (let round = 0; round < ROUNDS && problem.days.length > 0; round += 1) {
    if (idle >= POLISH && cost < UNFILLED && nightSpread(problem, seating) <= goal) break;
    const day = problem.days[Math.floor(draw() * problem.days.length)] ?? [];
    const next = planDay(problem, seating, day, WIDTH, draw);
    const nextCost = seatingCost(problem, next);
    idle = nextCost < cost ? 0 : idle + 1;
    if (nextCost <= cost) [seating, cost] = [next, nextCost];
  }
  return seating;
}
