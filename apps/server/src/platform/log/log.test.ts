import { expect, test } from 'vitest';
import { createLog } from './log.js';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLog('debug', { write: (line) => lines.push(line) }));
  return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
}

test('a line has only the allowed members', () => {
  const line = logged((log) => log.info({ route: '/api/people', status: 200, name: '王某', pin: '123456', body: { a: 1 } }, 'request'));
  expect(line).toEqual({ level: 'info', at: expect.any(String) as string, route: '/api/people', status: 200, msg: 'request' });
});

test('an error of the database tells its code and constraint, never its values', () => {
  const error = Object.assign(new Error('duplicate key (王某)'), {
    severity: 'ERROR',
    code: '23505',
    constraint: 'person_number_key',
    detail: 'Key (name)=(王某)',
  });
  const line = logged((log) => log.error({ err: error }, 'failed'));
  expect(line['err']).toMatchObject({ type: 'DatabaseError', code: '23505', constraint: 'person_number_key' });
  expect(JSON.stringify(line)).not.toContain('王某');
});
