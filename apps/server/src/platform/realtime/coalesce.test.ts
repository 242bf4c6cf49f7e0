import { expect, test } from 'vitest';
import { Coalescer } from './coalesce.js';
import { deviceRooms, officerRooms, roomsOf } from './rooms.js';

test('a topic of a cell rings once, with the newest cursor', () => {
  const hints = new Coalescer();
  hints.add([{ topic: 'duty', cell: '0101' }], '5');
  hints.add([{ topic: 'duty', cell: '0101' }], '6');
  const taken = hints.take();
  expect(taken).toMatchObject([{ hint: { topic: 'duty', cell: '0101' }, cursor: '6' }]);
  expect(hints.take()).toEqual([]);
});

test('a change in very many cells reaches each terminal, and each console once', () => {
  const hints = new Coalescer();
  hints.add(
    Array.from({ length: 400 }, (_, n) => ({ topic: 'duty' as const, cell: String(n).padStart(4, '0') })),
    '9',
  );
  const taken = hints.take();
  const toConsoles = taken.filter(({ rooms }) => rooms.includes('role:control-room'));
  expect(toConsoles).toMatchObject([{ hint: { topic: 'duty', cell: null } }]);
  expect(taken.filter(({ rooms }) => rooms.some((room) => room.startsWith('cell:')))).toHaveLength(400);
});

test('a hint reaches the terminals of its cell and the officers of its block whose posts may know', () => {
  const { terminals, consoles } = roomsOf({ topic: 'duty', cell: '0203' });
  const device = deviceRooms({ kind: 'device', id: 'd', place: 'cell:0203', cell: '0203', state: 'active' });
  expect(device).toEqual(expect.arrayContaining([...terminals]));
  const officer = (role: 'cell-officer' | 'finance' | 'audit-admin', blocks: 'all' | string[]) =>
    officerRooms({ kind: 'officer', id: 'o', name: '', sessionId: 's', posts: [{ role, blocks }], steppedUpUntil: null }).some((room) =>
      consoles.includes(room),
    );
  expect([
    officer('cell-officer', ['02']),
    officer('cell-officer', 'all'),
    officer('cell-officer', ['01']),
    officer('finance', 'all'),
    officer('audit-admin', 'all'),
  ]).toEqual([true, true, false, false, false]);
});

test('what is for administrators never rings on a terminal', () => {
  for (const topic of ['audit', 'access', 'work-item'] as const) expect(roomsOf({ topic, cell: '0101' }).terminals).toEqual([]);
});
