import { mondayOf } from '@sallyport/basics';
import { blockOfCell, type PolicyDocument, type RosterView, rosterCheck, rosterCheckPath, rosterCheckResult, rosterOf } from '@sallyport/contracts';
import { accessRefusal, exclusionsOf, nightsServed, type PlannedSlot } from '@sallyport/domain';
import type { Services } from '../../platform/feature.js';
import { type Http, Problem } from '../../platform/http/index.js';
import { officerQuery, type Query } from '../../platform/queries/query.js';
import { cellExists } from '../person/index.js';
import { loadWeek, shownConflicts, unfilledOf, type WeekPlan, weekConflicts, withLocked } from './roster.js';
import { newestRoster, type RosterState } from './roster-store.js';
import { iso } from './view.js';

/** Everybody of the cell with what keeps them from duty this week and their fair-share counts over the fairness days. */
function rosterPeople(plan: WeekPlan, planned: readonly PlannedSlot[], policy: PolicyDocument): RosterView['people'] {
  const night = new Set(plan.slots.filter((slot) => slot.night).map(({ key }) => key));
  const nights = nightsServed([...plan.history, ...planned], (key) => night.has(key) || plan.history.some(({ slot }) => slot === key && isNightKey(key, plan)));
  const slots = nightsServed(planned, () => true);
  return [...plan.people.values()].map(({ person, duty }) => ({
    id: person.id,
    bed: person.bed ?? 1,
    number: person.number,
    maskedName: person.maskedName,
    exclusions: [...new Set(plan.slots.flatMap((slot) => exclusionsOf(duty, slot, policy)))],
    nightsInWindow: nights.get(person.id) ?? 0,
    slotsThisWeek: slots.get(person.id) ?? 0,
  }));
}

/** Whether a past slot was a night slot: it began at a time of day at which this week has one. */
function isNightKey(key: string, plan: WeekPlan): boolean {
  return plan.slots.some((slot) => slot.night && slot.key.slice(10) === key.slice(10));
}

export const rosterQuery: Query = officerQuery<typeof rosterOf>({
  contract: rosterOf,
  permission: 'duty.read',
  audit: ({ cell, week }) => ({ subjectKind: 'roster', subjectId: `${cell} ${week}`, cell }),
  async read({ db, now, policy, actor }, { cell, week }) {
    if (mondayOf(week) !== week || accessRefusal(actor.posts, 'duty.read', blockOfCell(cell)) !== null) return null;
    if (!(await cellExists(db, cell))) return null;
    const plan = await loadWeek(db, cell, week, now, policy);
    const roster = await newestRoster(db, cell, week);
    // An approved roster is shown as it holds, substitutes included; a draft as it was written.
    const planned = withLocked(plan, roster?.state === 'approved' ? plan.seated : (roster?.slots ?? plan.seated));
    const people = new Map(planned.map((one) => [one.slot, one.people]));
    return {
      cell,
      week,
      rosterId: roster?.id ?? null,
      version: roster?.version ?? 0,
      state: (roster?.state ?? 'none') satisfies RosterState | 'none',
      effectiveFrom: roster?.effective_from ?? null,
      reason: roster?.reason ?? null,
      slots: plan.slots.map((slot) => ({
        slot: slot.key,
        startsAt: iso(slot.start),
        endsAt: iso(slot.end),
        night: slot.night,
        people: [...(people.get(slot.key) ?? [])],
        locked: plan.locked.has(slot.key),
      })),
      people: rosterPeople(plan, planned, policy),
      conflicts: shownConflicts(weekConflicts(plan, planned, policy)),
      unfilled: unfilledOf(plan, planned, policy),
    };
  },
});

/** Asked while editing, before anything is saved; changes nothing. */
export function rosterCheckRoute(http: Http, services: Services): void {
  http.route({
    method: 'POST',
    url: rosterCheckPath,
    config: { audience: 'console' },
    schema: {
      summary: 'Conflicts and fair-share counts of a draft that is being edited; nothing is saved',
      tags: ['duty'],
      body: rosterCheck,
      response: { 200: rosterCheckResult },
    },
    async handler(request) {
      const officer = await services.resolveOfficer(request);
      if (!officer || officer.locked) throw new Problem(401, 'NOT_SIGNED_IN', 'Sign in first.');
      const { cell, week, slots } = request.body;
      const code = accessRefusal(officer.posts, 'duty.roster.edit', blockOfCell(cell));
      if (code) throw new Problem(403, code, 'This roster lies outside your blocks or rights.');
      if (mondayOf(week) !== week) throw new Problem(400, 'BODY_INVALID', 'week must be a Monday.');
      if (!(await cellExists(services.db, cell))) throw new Problem(404, 'NOT_FOUND', `There is no cell ${cell} in this house.`);
      const now = services.clock.now();
      const policy = await services.policyAt(services.db, now);
      const plan = await loadWeek(services.db, cell, week, now, policy);
      const planned = withLocked(plan, slots);
      return { conflicts: shownConflicts(weekConflicts(plan, planned, policy)), people: rosterPeople(plan, planned, policy) };
    },
  });
}
