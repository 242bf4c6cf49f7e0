import { expect, test } from './fixtures.js';

/** Keys that would leave the page, open another or show what is behind it. */
const KEYS = [
  'Control+n',
  'Control+t',
  'Control+w',
  'Control+p',
  'Control+s',
  'Control+u',
  'Control+Shift+i',
  'F1',
  'F3',
  'F5',
  'F11',
  'F12',
  'Alt+ArrowLeft',
  'Control+r',
  'Control+f',
  'Control++',
];

test('guard: no key, link, menu, drag or window leaves the page of the wall', async ({ terminal }) => {
  const wall = await terminal('0202');
  const { page } = wall;
  const address = page.url();
  for (const key of KEYS) await page.keyboard.press(key);
  const taken = await page.evaluate(() => {
    const fire = (type: string, init: EventInit = {}) => !document.body.dispatchEvent(new Event(type, { bubbles: true, cancelable: true, ...init }));
    const link = document.createElement('a');
    link.href = 'https://example.org/';
    link.target = '_blank';
    document.body.append(link);
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    const middle = new MouseEvent('auxclick', { bubbles: true, cancelable: true, button: 1 });
    const results = {
      menu: fire('contextmenu'),
      drag: fire('dragstart'),
      link: !link.dispatchEvent(click),
      middle: !link.dispatchEvent(middle),
      zoom: !document.body.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true })),
      window: window.open('about:blank') === null,
    };
    link.remove();
    return results;
  });
  expect(taken).toEqual({ menu: true, drag: true, link: true, middle: true, zoom: true, window: true });
  expect(page.url()).toBe(address);
  expect(page.context().pages()).toHaveLength(1);
  await wall.arriveHome();
});
