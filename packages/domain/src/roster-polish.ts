import type { Pair, RosterProblem } from './roster-problem.js';
import { type Seating, seatingCost } from './roster-search.js';

/** Exchanges weighed at most. Nearly each is a gain, so this bounds the time without costing quality. */
const TRIES = 120;

type Allowed = readonly ReadonlySet<number>[];

function pairOf(a: number, b: number): Pair {
  return a < b ? [a, b] : [b, a];
}

function contains(pair: Pair | null | undefined, person: number): boolean {
  return Boolean(pair && (pair[0] === person || pair[1] === person));
}

/** The seating with `leaves` replaced by `comes` in a slot, or null when the pair, a neighbour or a standing slot forbids it. */
function replaced(problem: RosterProblem, allowed: Allowed, seating: Seating, slot: number, leaves: number, comes: number): Seating | null {
  const pair = seating[slot];
  if (!pair || problem.fixed[slot] !== undefined || contains(pair, comes)) return null;
  const next = pairOf(pair[0] === leaves ? pair[1] : pair[0], comes);
  const near = [problem.before[slot] ?? -1, problem.after[slot] ?? -1];
  const barred = problem.resting[slot]?.has(comes) || near.some((other) => other >= 0 && contains(seating[other], comes));
  if (barred || !allowed[slot]?.has(next[0] * problem.ids.length + next[1])) return null;
  return seating.map((one, index) => (index === slot ? next : one));
}

/** Seats of people who serve twice in one night, each as slot and person. */
function doubles(problem: RosterProblem, seating: Seating): [number, number][] {
  return problem.days.flatMap((day) => {
    const seats = day.filter((slot) => problem.slots[slot]?.night).flatMap((slot) => (seating[slot] ?? []).map((person): [number, number] => [slot, person]));
    return seats.filter(([slot, person]) => seats.some(([other, same]) => same === person && other !== slot));
  });
}

/** One exchange of two people between nights that makes the roster better, or null. Who serves how many nights stays as it is. */
function betterExchange(problem: RosterProblem, allowed: Allowed, seating: Seating, tries: { left: number }): Seating | null {
  const cost = seatingCost(problem, seating);
  const nights = problem.slots.flatMap((slot, index) => (slot.night ? [index] : []));
  const serving = new Map<string, Set<number>>();
  for (const slot of nights)
    serving.set(problem.slots[slot]?.date ?? '', new Set([...(serving.get(problem.slots[slot]?.date ?? '') ?? []), ...(seating[slot] ?? [])]));
  const serves = (slot: number, person: number) => serving.get(problem.slots[slot]?.date ?? '')?.has(person) ?? false;
  for (const [slot, person] of doubles(problem, seating)) {
    for (const other of nights.filter((candidate) => !serves(candidate, person))) {
      for (const guest of (seating[other] ?? []).filter((candidate) => !serves(slot, candidate))) {
        const half = replaced(problem, allowed, seating, slot, person, guest);
        const whole = half && replaced(problem, allowed, half, other, guest, person);
        if (!whole) continue;
        tries.left -= 1;
        if (seatingCost(problem, whole) < cost) return whole;
        if (tries.left <= 0) return null;
      }
    }
  }
  return null;
}

/** Takes second slots in one night away as far as exchanges between nights can, without touching how even the nights are. */
export function polishSeating(problem: RosterProblem, seating: Seating): Seating {
  const allowed = problem.pairs.map((pairs) => new Set(pairs.map(([a, b]) => a * problem.ids.length + b)));
  const tries = { left: TRIES };
  let best = seating;
  for (let next: Seating | null = seating; next && tries.left > 0; next = betterExchange(problem, allowed, best, tries)) best = next;
  return best;
}
