import { stableJson } from '@sallyport/basics';
import type { PersonFacts } from '@sallyport/contracts';

/** The facts that differ, with flags as a set: their order says nothing. */
export function changedFacts(before: PersonFacts, after: PersonFacts): Partial<PersonFacts> {
  const same = (name: keyof PersonFacts) =>
    name === 'flags' ? stableJson([...before.flags].sort()) === stableJson([...after.flags].sort()) : stableJson(before[name]) === stableJson(after[name]);
  const names = (Object.keys(after) as (keyof PersonFacts)[]).filter((name) => !same(name));
  return Object.fromEntries(names.map((name) => [name, after[name]]));
}
