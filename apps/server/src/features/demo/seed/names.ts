import { readFileSync } from 'node:fs';
import type { Draw } from '@sallyport/domain';
import { z } from 'zod';

const lists = z.object({
  surnames: z.string(),
  maleFirst: z.string(),
  maleLast: z.string(),
  maleSingle: z.string(),
  femaleFirst: z.string(),
  femaleLast: z.string(),
  femaleSingle: z.string(),
  minorityMale: z.array(z.string()),
  minorityFemale: z.array(z.string()),
  officers: z.array(z.string()),
});
/** The name lists of `apps/server/seed`; invented people only. */
export const NAMES = lists.parse(JSON.parse(readFileSync(new URL('../../../../seed/names.json', import.meta.url), 'utf8')));

const MINORITY_SHARE = 0.05;
const SINGLE_SHARE = 0.25;

/** A member of a list that the draw decides. */
export function pick<Value>(values: ArrayLike<Value>, draw: Draw): Value {
  return values[Math.floor(draw() * values.length)] as Value;
}

/** A Chinese name as they are spread in practice: some with one given character, some of minorities with ·. */
export function personNameOf(sex: 'male' | 'female', draw: Draw): string {
  const male = sex === 'male';
  if (draw() < MINORITY_SHARE) return pick(male ? NAMES.minorityMale : NAMES.minorityFemale, draw);
  const surname = pick(NAMES.surnames, draw);
  if (draw() < SINGLE_SHARE) return surname + pick(male ? NAMES.maleSingle : NAMES.femaleSingle, draw);
  return surname + pick(male ? NAMES.maleFirst : NAMES.femaleFirst, draw) + pick(male ? NAMES.maleLast : NAMES.femaleLast, draw);
}
