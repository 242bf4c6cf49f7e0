import type { Topic } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from './backoff.js';
import { Connection } from './connection.js';
import { Follower } from './follower.js';
import { ServerClock } from './server-clock.js';
import { TestTime, seeded } from './testing/world.js';

describe('follower', () => {
  test('reads everything first, then only what changed; a lost hint costs nothing', async () => {
    const time = new TestTime();
    const asked: string[] = [];
    const heard: (readonly Topic[] | null)[] = [];
    let hint: () => void = () => undefined;
    const answers = [
      { changes: [], cursor: '5', reset: true },
      { changes: [{ topic: 'duty' }, { topic: 'duty' }], cursor: '7', reset: false },
      { changes: [], cursor: '7', reset: false },
    ];
    const follower = new Follower(
      {
        timers: time,
        random: seeded(1),
        hints: {
          open: (_token, on) => {
            hint = on.hint;
            return () => undefined;
          },
        },
      },
      (path) => {
        asked.push(path);
        return Promise.resolve({ status: 200, json: answers.shift() });
      },
      () => Promise.resolve(null),
      (topics) => Promise.resolve(heard.push(topics && [...topics]) > 0),
    );
    follower.start();
    await Promise.resolve();
    await new Promise(setImmediate);
    hint();
    await new Promise(setImmediate);
    time.advance(10_000);
    await new Promise(setImmediate);
    expect(asked).toEqual(['/api/terminal/changes', '/api/terminal/changes?since=5', '/api/terminal/changes?since=7']);
    expect(heard).toEqual([null, ['duty']]);
    follower.stop();
    time.advance(100_000);
    expect(asked).toHaveLength(3);
  });
});

test('a change whose reading got lost is told again, soon', async () => {
  const time = new TestTime();
  const asked: string[] = [];
  let readable = false;
  const up = { open: (_token: unknown, on: { up(): void }) => (on.up(), () => undefined) };
  const follower = new Follower(
    { timers: time, random: seeded(1), hints: up },
    (path) => (asked.push(path), Promise.resolve({ status: 200, json: { changes: [{ topic: 'duty' }], cursor: '7', reset: false } })),
    () => Promise.resolve(null),
    () => Promise.resolve(readable),
  );
  const turn = async () => {
    time.advance(6_000);
    await new Promise(setImmediate);
  };
  follower.start();
  await new Promise(setImmediate);
  await turn();
  expect(new Set(asked)).toEqual(new Set(['/api/terminal/changes']));
  readable = true;
  await turn();
  for (let calm = 0; calm < 7; calm += 1) await turn();
  expect(asked.at(-1)).toBe('/api/terminal/changes?since=7');
  follower.stop();
});

describe('connection and time', () => {
  test('one lost request is no outage, two are', () => {
    const connection = new Connection(new TestTime());
    connection.answered();
    connection.lost();
    expect(connection.state.get().online).toBe(true);
    connection.lost();
    expect(connection.state.get().online).toBe(false);
    connection.answered();
    expect(connection.state.get().online).toBe(true);
  });

  test('back-off is anything up to a doubled limit, never over a minute', () => {
    const random = seeded(7);
    for (let failures = 1; failures < 20; failures += 1) expect(backoffMs(failures, random)).toBeLessThanOrEqual(Math.min(60_000, 1_000 * 2 ** failures));
  });

  test.each([
    ['30', 30_000],
    ['Sun, 22 Nov 2026 14:00:05 GMT', 5_000],
    ['99999999', 600_000],
    ['nonsense', null],
    [null, null],
  ])('Retry-After %s is %s ms', (text, ms) => {
    expect(retryAfterMs(text, Date.parse('2026-11-22T14:00:00.000Z'))).toBe(ms);
  });

  test('the better sample stays, and a jump of the server is followed', () => {
    const time = new TestTime();
    const clock = new ServerClock(time, 'b');
    expect(clock.guessed()).toBe(true);
    let sentAt = time.monotonic();
    time.advance(10);
    clock.take('2026-11-22T20:00:00.000Z', sentAt);
    const first = clock.now();
    sentAt = time.monotonic();
    time.advance(900);
    clock.take(new Date(first + 500).toISOString(), sentAt);
    expect(clock.now()).toBe(first + 900);
    sentAt = time.monotonic();
    time.advance(900);
    clock.take('2026-11-23T20:00:00.000Z', sentAt);
    expect(new Date(clock.now()).toISOString().slice(0, 10)).toBe('2026-11-23');
  });
});
