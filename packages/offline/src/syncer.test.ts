import { fc, test as property } from './testing/property.js';
import { describe, expect, test } from 'vitest';
import { newId } from '@sallyport/basics';
import { OUTBOX_LIMITS } from './outbox.js';
import type { OutboxItem } from './outbox-item.js';
import type { Store } from './ports.js';
import { type LinkFault, boot, drain, testWorld } from './testing/world.js';

async function fill(outbox: Awaited<ReturnType<typeof boot>>['outbox'], count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const saved = await outbox.save(outbox.draft('duty.sign-in', { index }));
    if (saved.ok) ids.push(saved.value.id);
  }
  return ids;
}

describe('syncer', () => {
  test('sends at most fifty at once, in order', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    await fill(outbox, 120);
    await drain(world, syncer);
    expect(world.link.sizes).toEqual([50, 50, 20]);
    expect(world.server.effects.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_none, index) => index + 1));
  });

  test('an item the server breaks on steps aside, the others flow, and it is tried again later', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    const ids = await fill(outbox, 20);
    world.server.poisonous.add(ids[7] ?? '');
    for (let step = 0; step < 60 && world.server.effects.length < 19; step += 1) world.time.advance(Math.min(await syncer.step(), 100_000));
    for (let step = 0; step < 10 && syncer.asideCount() === 0; step += 1) world.time.advance(Math.min(await syncer.step(), 100_000));
    expect(world.server.effects).toHaveLength(19);
    expect(syncer.asideCount()).toBe(1);
    expect(outbox.summary.get().queued).toBe(1);
    world.server.poisonous.clear();
    await drain(world, syncer);
    expect(world.server.effects).toHaveLength(20);
  });

  test('an item the server cannot read ends as refused and is shown; its neighbours are accepted', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    const ids = await fill(outbox, 9);
    world.server.unreadable.add(ids[4] ?? '');
    await drain(world, syncer);
    expect(world.server.effects).toHaveLength(8);
    expect(outbox.unread()).toMatchObject([{ id: ids[4], state: 'refused', code: 'ENVELOPE_INVALID' }]);
  });

  test('a refused item stays to be read until somebody has seen it', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    world.server.refuse = () => true;
    const [id] = await fill(outbox, 1);
    await drain(world, syncer);
    expect(outbox.unread()).toMatchObject([{ id, state: 'refused', code: 'NOT_ON_DUTY' }]);
    await outbox.seen(id ?? '');
    expect(outbox.unread()).toEqual([]);
  });

  test('ALERT13: a call for help goes out first although ten thousand items wait', async () => {
    const world = testWorld();
    const limits = { ...OUTBOX_LIMITS, count: 10_000, bytes: 100_000_000 };
    await fill((await boot(world, limits)).outbox, 1);
    const [one] = (await world.ports.store.all('outbox')) as OutboxItem[];
    const many = Array.from({ length: 9_999 }, (_none, index) => {
      const id = newId(world.time, world.ports.random);
      return { table: 'outbox' as const, key: id, value: { ...one, id, seq: index + 2, order: index + 2 } };
    });
    const counter = (await world.ports.store.get('meta', 'counter')) as object;
    await world.ports.store.update([], () => [...many, { table: 'meta', key: 'counter', value: { ...counter, seq: 10_000, order: 10_000 } }]);
    const { outbox, syncer } = await boot(world, limits);
    expect(outbox.summary.get()).toMatchObject({ queued: 10_000, full: true });
    expect((await outbox.save(outbox.draft('alert.call', {}))).ok).toBe(true);
    await syncer.step();
    expect(world.server.effects[0]).toMatchObject({ kind: 'alert.call', seq: 10_001 });
  });

  test('obeys Retry-After, but not for a call for help', async () => {
    const world = testWorld();
    const { outbox, syncer } = await boot(world);
    Object.assign(world.ports, { net: () => Promise.resolve({ status: 503, body: '', retryAfter: '30' }) });
    const slow = await boot(world);
    await fill(outbox, 1);
    await slow.outbox.refresh();
    expect(await slow.syncer.step()).toBeGreaterThanOrEqual(30_000);
    await slow.outbox.save(slow.outbox.draft('alert.call', {}));
    expect(await slow.syncer.step()).toBeLessThanOrEqual(3_000);
    expect(syncer.asideCount()).toBe(0);
  });
});

class Crash extends Error {}

/** A store that dies at its n-th write from now, before or after the write reached the disk. */
function dying(store: Store, at: { n: number; after: boolean }): Store {
  let writes = 0;
  return {
    get: (table, key) => store.get(table, key),
    all: (table) => store.all(table),
    async update(read, plan) {
      writes += 1;
      if (writes === at.n && !at.after) throw new Crash();
      await store.update(read, plan);
      if (writes === at.n) throw new Crash();
    },
  };
}

const faults: LinkFault[] = ['none', 'none', 'none', 'drop', 'cut-after-commit', 'duplicate', '401', '503', '500', 'garbage', 'partial', 'late'];
const action = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ act: 'save' as const }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('step' as const), fault: fc.constantFrom(...faults) }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('crash' as const), n: fc.integer({ min: 1, max: 4 }), after: fc.boolean(), fault: fc.constantFrom(...faults) }),
  },
);

describe('hostile link and crashes', () => {
  property.prop([fc.array(action, { minLength: 5, maxLength: 60 }), fc.integer({ min: 1, max: 1_000_000 })], { numRuns: 120 })(
    'what was saved arrives exactly once and in the order of making, whatever the link and the power do',
    async (actions, seed) => {
      const world = testWorld(seed);
      const { store } = world.ports;
      let { outbox, syncer } = await boot(world);
      const acknowledged: string[] = [];
      const save = async (): Promise<void> => {
        const saved = await outbox.save(outbox.draft('duty.sign-in', { of: acknowledged.length }));
        if (saved.ok) acknowledged.push(saved.value.id);
      };
      for (const step of actions) {
        if (step.act === 'save') await save();
        else if (step.act === 'step') {
          world.link.fault = () => step.fault;
          world.time.advance(Math.min(await syncer.step(), 60_000));
        } else {
          Object.assign(world.ports, { store: dying(store, step) });
          world.link.fault = () => step.fault;
          await boot(world)
            .then(
              async (dead) => {
                const saved = await dead.outbox.save(dead.outbox.draft('duty.sign-in', {}));
                if (saved.ok) acknowledged.push(saved.value.id);
                await dead.syncer.step();
                await dead.syncer.step();
              },
              () => undefined,
            )
            .catch(() => undefined);
          Object.assign(world.ports, { store });
          ({ outbox, syncer } = await boot(world));
        }
      }
      world.link.fault = () => 'none';
      await save();
      await drain(world, syncer, 400);
      const done = world.server.effects.map(({ id }) => id);
      expect(new Set(done).size).toBe(done.length);
      expect(acknowledged.filter((id) => !done.includes(id))).toEqual([]);
      expect(outbox.summary.get().queued).toBe(0);
      const seqs = [...world.server.effects].sort((a, b) => a.seq - b.seq).map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: seqs.length }, (_none, index) => index + 1));
      expect(world.server.effects.map(({ seq }) => seq)).toEqual(seqs);
    },
  );
});
