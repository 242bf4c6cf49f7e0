/** What the size of things depends on: the panel, the time of day, and whether the person needs larger text. */
export interface DeviceLook {
  readonly device: 'cell-10' | 'cell-15' | 'kiosk' | 'desk';
  readonly theme: 'day' | 'night';
  readonly largeText?: boolean;
}

/** Shows the look on <html>, where the tokens read it. */
export function applyLook({ device, theme, largeText = false }: DeviceLook): void {
  const root = document.documentElement;
  root.dataset['device'] = device;
  root.dataset['theme'] = theme;
  if (largeText) root.dataset['text'] = 'large';
  else delete root.dataset['text'];
}

/** The profile of a panel by its CSS size, until the device registry names one: a wall panel of 1920 pixels is the 15.6" one. */
export function profileOf(width: number, height: number): DeviceLook['device'] {
  if (height > width) return 'kiosk';
  return width >= 1600 ? 'cell-15' : 'cell-10';
}
