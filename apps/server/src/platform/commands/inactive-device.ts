import { Problem } from '../http/problem.js';
import type { DeviceActor } from './kind.js';

const CODES: Readonly<Record<DeviceActor['state'], string>> = {
  waiting: 'DEVICE_WAITING',
  active: 'DEVICE_REVOKED',
  revoked: 'DEVICE_REVOKED',
  refused: 'DEVICE_REFUSED',
};

/** 401 for a device that may not act or read: it still waits for an officer, was refused, or has ended. A terminal tells them apart by the code. */
export function inactiveDevice(state: DeviceActor['state']): Problem {
  return new Problem(401, CODES[state], 'This device is not active here. Keep what it holds and call an officer. Nothing was changed.');
}
