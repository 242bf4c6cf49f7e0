import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { postWithHost, startSite } from '../support/site.js';

test('a database that is killed under a running server costs seconds: the server says it is not ready, then goes on', { timeout: 180_000 }, async () => {
  const site = await startSite();
  try {
    const ready = async () => (await fetch(`http://127.0.0.1:${site.port}/readyz`)).status;
    expect(await ready()).toBe(200);
    const before = await site.now();
    const { pid } = JSON.parse(readFileSync(path.join(site.dataDir, 'postgres.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await expect.poll(ready, { timeout: 10_000, interval: 20 }).toBe(503);
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
    // The log gathers its lines for a moment, and the database answers before its start is told.
    await expect.poll(() => site.output(), { timeout: 10_000 }).toContain('The database is back.');
    const { code } = (await postWithHost(site.port, 'console.localhost', '/api/demo/enrolments', { place: 'cell:0101' })) as { code: string };
    expect(code).toMatch(/^[0-9A-Z-]{8,9}$/);
    expect(await site.now()).toBeGreaterThanOrEqual(before);
  } finally {
    await site.stop();
  }
});
