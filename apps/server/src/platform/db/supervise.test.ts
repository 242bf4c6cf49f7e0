import { expect, test } from 'vitest';
import { supervise } from './supervise.js';

/** A child that the test can let die. */
function children(startsWell: (count: number) => boolean = () => true) {
  const seen = { starts: 0, stops: 0, clears: 0, warnings: [] as string[], givenUp: [] as string[] };
  let die: (message: string) => void = () => undefined;
  const options = {
    start: (onCrash: (message: string) => void) => {
      seen.starts += 1;
      if (!startsWell(seen.starts)) return Promise.reject(new Error('no room on the disk'));
      die = onCrash;
      return Promise.resolve({ process: { pid: seen.starts }, stop: () => Promise.resolve(void (seen.stops += 1)) });
    },
    clear: () => Promise.resolve(void (seen.clears += 1)),
    log: { warn: (message: string) => void seen.warnings.push(message) },
    onGivenUp: (message: string) => void seen.givenUp.push(message),
    firstPauseMs: 0,
  };
  return { seen, options, die: () => die('The child ended by itself.') };
}

test('a child that dies is started again after what it left was cleared', async () => {
  const { seen, options, die } = children();
  const child = await supervise(options);
  expect(child.pid()).toBe(1);
  die();
  await expect.poll(() => child.pid()).toBe(2);
  expect(seen).toMatchObject({ starts: 2, clears: 1, givenUp: [] });
  expect(seen.warnings[0]).toBe('The child ended by itself. It is started again.');
  await child.stop();
  die();
  expect(seen).toMatchObject({ starts: 2, stops: 1 });
});

test('a start that does not succeed is tried again, and a child that keeps dying is given up', async () => {
  const { seen, options, die } = children((count) => count === 1 || count === 3);
  const child = await supervise(options);
  die();
  await expect.poll(() => child.pid()).toBe(3);
  expect(seen.warnings.join(' ')).toContain('no room on the disk');
  die();
  await expect.poll(() => seen.givenUp).toEqual([expect.stringContaining('no room on the disk It was started 5 times in 10 minutes.')]);
  await child.stop();
});

test('the first start fails loudly', async () => {
  await expect(supervise(children(() => false).options)).rejects.toThrow('no room on the disk');
});
