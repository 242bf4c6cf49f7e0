import type { DeviceView } from '@sallyport/contracts';

/** Past this many milliseconds the clock of a terminal is worth a look; its times go to review only much later. */
const CLOCK_WORTH_A_LOOK_MS = 5_000;

/** Records of a terminal that have not come yet. */
export function missingRecords(device: DeviceView): number {
  return device.gaps.filter(({ filled }) => !filled).reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0);
}

export function isClockOff({ clockOffsetMs }: DeviceView): boolean {
  return clockOffsetMs !== null && Math.abs(clockOffsetMs) > CLOCK_WORTH_A_LOOK_MS;
}

export function isOldBuild({ build, state }: DeviceView, latest: string | null): boolean {
  return state === 'active' && build !== null && latest !== null && build !== latest;
}

/** Whether somebody should look at this terminal. One that is out of use never needs that. */
export function needsALook(device: DeviceView, latest: string | null): boolean {
  if (device.state === 'waiting') return true;
  if (device.state !== 'active') return false;
  return device.online !== 'online' || missingRecords(device) > 0 || isClockOff(device) || isOldBuild(device, latest) || device.persisted === false;
}
