import { blockOfCell } from '@sallyport/contracts';
import { accessRefusal, STEP_UP_PERMISSIONS } from '@sallyport/domain';
import type { Instant } from '@sallyport/basics';
import type { Arrival, Refusal } from './arrival.js';
import type { Access, DeviceActor, OfficerActor } from './kind.js';

type OfficerAccess = Extract<Access<unknown>, { by: 'officer' }>;

function blocksOf(access: OfficerAccess, body: unknown): (string | null)[] {
  const cells = access.cellOf?.(body) ?? null;
  if (cells === null) return [null];
  return [...new Set([cells].flat().map(blockOfCell))];
}

/** Why this officer may not do this, by posts and blocks; null when they may. */
export function officerRefusal(access: OfficerAccess, officer: OfficerActor, body: unknown): Refusal | null {
  for (const block of blocksOf(access, body)) {
    const code = accessRefusal(officer.posts, access.permission, block);
    if (code === 'OUT_OF_SCOPE') return { code, message: `Your posts give ${access.permission}, but not in block ${block}.` };
    if (code) return { code, message: `None of your posts gives ${access.permission}.` };
  }
  return null;
}

/** Whether the act asks for a fresh proof that this officer has not given. */
export function lacksStepUp(access: OfficerAccess, officer: OfficerActor, now: Instant): boolean {
  const asked = access.stepUp ?? STEP_UP_PERMISSIONS.has(access.permission);
  return asked && (officer.steppedUpUntil === null || officer.steppedUpUntil <= now);
}

/** Whether a device in this state may send the kind. An unknown kind counts as any other: only active devices. */
export function deviceMaySend(arrival: Pick<Arrival, 'definition' | 'emergency'>, device: DeviceActor | undefined): boolean {
  if (!device) return false;
  const access = arrival.definition?.access;
  const states = access?.by === 'device' ? (access.states ?? ['active']) : ['active'];
  return arrival.emergency || states.includes(device.state);
}
