import { defaultPolicy } from '@sallyport/contracts';
import { assert } from '@sallyport/basics';
import type { DutyPerson } from './duty-facts.js';
import { type DutySlot, slotByKey } from './duty-slots.js';

/** The instant at which the default site's clock shows a text such as 2026-11-22T21:30. */
export function shown(text: string): number {
  return Date.parse(`${text}+08:00`);
}

/** A grown man whom no rule keeps from duty. */
export function somebody(id: string, change: Partial<DutyPerson> = {}): DutyPerson {
  return {
    id,
    sex: 'male',
    birthDate: '1990-05-05',
    sentenced: false,
    riskLevel: null,
    flags: [],
    coSuspectGroup: null,
    admittedOn: '2026-06-01',
    departsOn: [],
    absences: [],
    ...change,
  };
}

/** A slot of the default policy. */
export function defaultSlot(key: string): DutySlot {
  const slot = slotByKey(key, defaultPolicy);
  assert(slot, `the default policy has no slot ${key}`);
  return slot;
}
