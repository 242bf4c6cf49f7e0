import { DAY, HOUR, type Result } from '@sallyport/basics';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from './store/memory-store.js';
import { boot, drain, testWorld } from './testing/world.js';

function value<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(String(result.error));
  return result.value;
}

describe('outbox', () => {
  test('a saved act survives a restart before it was sent, with its number', async () => {
    const world = testWorld();
    const first = await boot(world);
    const saved = value(await first.outbox.save(first.outbox.draft('duty.sign-in', { person: { bed: 1 } })));
    expect(saved).toMatchObject({ seq: 1, state: 'saved' });
    const second = await boot(world);
    expect(second.outbox.summary.get()).toMatchObject({ queued: 1, lastSeq: 1 });
    await drain(world, second.syncer);
    expect(world.server.effects.map(({ id }) => id)).toEqual([saved.id]);
    expect(second.outbox.summary.get()).toMatchObject({ queued: 0, items: [{ state: 'accepted' }] });
  });

  test('numbers run without gap although two acts are saved at once', async () => {
    const world = testWorld();
    const { outbox } = await boot(world);
    await Promise.all([1, 2, 3].map((bed) => outbox.save(outbox.draft('duty.sign-in', { bed }))));
    expect(
      outbox
        .next(50, new Set())
        .map(({ seq }) => seq)
        .sort(),
    ).toEqual([1, 2, 3]);
  });

  test('every retry sends the same bytes', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    await outbox.save(outbox.draft('duty.sign-in', {}));
    const bodies: (string | undefined)[] = [];
    const { net } = world.link;
    Object.assign(world.ports, {
      net: (request: Parameters<typeof net>[0]) => {
        bodies.push(request.body);
        return net(request);
      },
    });
    let tries = 0;
    world.link.fault = () => {
      tries += 1;
      return tries < 3 ? 'cut-after-commit' : 'none';
    };
    await drain(world, (await boot(world)).syncer);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
    expect(world.server.effects).toHaveLength(1);
    expect(syncer.asideCount()).toBe(0);
  });

  test('a full queue says so and keeps room for calls for help', async () => {
    const world = testWorld();
    const { outbox } = await boot(world, { count: 2, bytes: 100_000, reserveCount: 1, reserveBytes: 1_000 });
    for (let index = 0; index < 2; index += 1) expect((await outbox.save(outbox.draft('duty.sign-in', {}))).ok).toBe(true);
    expect(outbox.summary.get().full).toBe(true);
    expect(await outbox.save(outbox.draft('duty.sign-in', {}))).toEqual({ ok: false, error: 'outbox-full' });
    expect((await outbox.save(outbox.draft('alert.call', {}))).ok).toBe(true);
    expect(await outbox.save(outbox.draft('alert.call', {}))).toEqual({ ok: false, error: 'outbox-full' });
  });

  test('a full disk is told, and nothing is counted as saved', async () => {
    const world = testWorld();
    const { outbox } = await boot(world);
    Object.assign(world.ports.store, { update: () => Promise.reject(new Error('QuotaExceededError')) });
    expect(await outbox.save(outbox.draft('duty.sign-in', {}))).toEqual({ ok: false, error: 'storage-failed' });
    expect(outbox.summary.get().queued).toBe(0);
  });

  test('a call for help overtakes what waits', async () => {
    const world = testWorld();
    const { outbox } = await boot(world);
    for (let index = 0; index < 3; index += 1) await outbox.save(outbox.draft('duty.sign-in', {}));
    await outbox.save(outbox.draft('alert.call', {}));
    expect(outbox.next(2, new Set()).map(({ kind, seq }) => [kind, seq])).toEqual([
      ['alert.call', 4],
      ['duty.sign-in', 1],
    ]);
  });

  test('a wiped store is noticed and begins a new generation', async () => {
    const world = testWorld();
    const before = await boot(world);
    await before.outbox.save(before.outbox.draft('duty.sign-in', {}));
    const generation = before.outbox.summary.get().generation;
    Object.assign(world.ports, { store: new MemoryStore() });
    const after = await boot(world);
    expect(after.outbox.lost).toEqual([{ generation, afterSeq: 0, lastSeq: 1 }]);
    expect(after.outbox.summary.get()).toMatchObject({ lastSeq: 0, queued: 0 });
    expect(after.outbox.summary.get().generation).not.toBe(generation);
    // Told after every start until the server has heard.
    const again = await boot(world);
    expect(again.outbox.lost).toEqual([{ generation, afterSeq: 0, lastSeq: 1 }]);
    await again.outbox.lostHeard(again.outbox.lost);
    expect((await boot(world)).outbox.lost).toEqual([]);
  });

  test('a server restored from a backup is given the day again, once each', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    for (let index = 0; index < 3; index += 1) await outbox.save(outbox.draft('duty.sign-in', { index }));
    await drain(world, syncer);
    const lastId = world.server.effects[2]?.id ?? '';
    world.server.outcomes.delete(lastId);
    world.server.effects.pop();
    expect(await outbox.resendAfter(3)).toBe(0);
    expect(await outbox.resendAfter(2)).toBe(3);
    await drain(world, syncer);
    expect(world.server.effects.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('answered items leave after a day, unanswered never', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    await outbox.save(outbox.draft('duty.sign-in', {}));
    await drain(world, syncer);
    world.time.advance(DAY + HOUR);
    await outbox.save(outbox.draft('duty.sign-in', {}));
    expect(outbox.summary.get().items).toHaveLength(2);
    await drain(world, syncer);
    expect(outbox.summary.get().items).toMatchObject([{ seq: 2 }]);
  });

  test('a new identity at the same place numbers and signs anew; at another place the acts end as refused', async () => {
    const world = testWorld();
    const { outbox } = await boot(world);
    await outbox.save(outbox.draft('duty.sign-in', {}));
    await outbox.save(outbox.draft('duty.sign-in', {}));
    await outbox.sign(outbox.next(1, new Set()));
    const before = outbox.summary.get().generation;
    await outbox.adopt(true);
    expect(outbox.next(9, new Set()).map(({ seq, signature, generation }) => [seq, signature, generation === before])).toEqual([
      [1, null, false],
      [2, null, false],
    ]);
    await outbox.adopt(false);
    expect(outbox.summary.get()).toMatchObject({ queued: 0, lastSeq: 0 });
    expect(outbox.unread().map(({ code }) => code)).toEqual(['WRONG_PLACE', 'WRONG_PLACE']);
  });
});
