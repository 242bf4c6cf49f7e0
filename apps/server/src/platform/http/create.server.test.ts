import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BRIDGE_URL } from '@sallyport/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../config/index.js';
import { createLog } from '../log/index.js';
import { createMetrics } from '../metrics/index.js';
import { type Health, type Http, createHealth, createHttp } from './index.js';
import { Problem } from './problem.js';

let http: Http;
let health: Health;
let apps: string;
const lines: string[] = [];

const CELL = { host: 'cell.localhost:8080' };
const CONSOLE = { host: 'console.localhost:8080' };

beforeAll(async () => {
  apps = mkdtempSync(path.join(os.tmpdir(), 'apps-'));
  const dist = path.join(apps, 'cell-terminal/dist/web');
  mkdirSync(path.join(dist, 'assets'), { recursive: true });
  writeFileSync(path.join(dist, 'index.html'), '<!doctype html><script nonce="{{nonce}}" src="/assets/main-1.js"></script></html>');
  writeFileSync(path.join(dist, 'assets/main-1.js'), 'export {};');
  writeFileSync(path.join(dist, 'service-worker.js'), '// worker');
  writeFileSync(path.join(apps, 'secret.js'), 'secret');
  health = createHealth();
  http = await createHttp({ config: readConfig({}), log: createLog('debug', { write: (line) => lines.push(line) }), metrics: createMetrics(), health }, apps);
  const body = z.strictObject({ cell: z.string().regex(/^\d{4}$/, 'must be four digits'), count: z.int().max(9) });
  http.post('/api/try', { schema: { body }, config: { audience: 'cell' } }, async () => ({ done: true }));
  http.get('/api/things/:id', async () => ({}));
  http.get('/api/fault', async () => {
    throw new Error('password is hunter2');
  });
  http.get('/api/busy', async () => {
    throw new Problem(503, 'OVERLOADED', 'Too many at once. Try again.', 2);
  });
  await http.ready();
});

afterAll(async () => {
  await http.close();
  rmSync(apps, { recursive: true });
});

test('an app answers on its host name only, with a fresh nonce in page and policy', async () => {
  const first = await http.inject({ url: '/', headers: CELL });
  const second = await http.inject({ url: '/duty/today', headers: CELL });
  const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1] ?? 'missing';
  expect(first.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
  expect(first.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  expect(first.headers['content-security-policy']).toContain(`ws://cell.localhost:8080 ${BRIDGE_URL};`);
  expect(second.statusCode).toBe(200);
  expect(second.body).not.toBe(first.body);
  expect((await http.inject({ url: '/', headers: CONSOLE })).json()).toMatchObject({ code: 'APP_NOT_BUILT' });
});

test('hashed files are kept for ever, the worker is asked for again, and nothing outside is served', async () => {
  const asset = await http.inject({ url: '/assets/main-1.js', headers: CELL });
  expect(asset.headers['cache-control']).toContain('immutable');
  expect(asset.headers['content-type']).toContain('javascript');
  const worker = await http.inject({ url: '/service-worker.js', headers: CELL });
  expect(worker.headers['cache-control']).toBe('no-cache');
  expect(worker.headers['content-security-policy']).toContain("connect-src 'self'");
  for (const url of ['/../secret.js', '/..%2f..%2fsecret.js', '/assets/gone-2.js']) {
    expect((await http.inject({ url, headers: CELL })).statusCode, url).toBe(404);
  }
});

test('the plain host name shows the way to the apps that are built', async () => {
  const page = await http.inject({ url: '/', headers: { host: 'localhost:8080' } });
  expect(page.body).toContain('http://cell.localhost:8080/');
  expect(page.body).not.toContain('console.localhost');
  expect((await http.inject({ url: '/duty', headers: { host: 'localhost:8080' } })).statusCode).toBe(404);
});

test('every answer carries the common headers, errors included', async () => {
  for (const url of ['/', '/healthz', '/api/openapi.json', '/api/nothing', '/api/fault', '/api/docs']) {
    const { headers } = await http.inject({ url, headers: CELL });
    expect(headers, url).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin' });
    expect(headers['content-security-policy'], url).toContain("default-src 'none'");
    expect(headers['permissions-policy'], url).toContain('publickey-credentials-get=(self)');
  }
});

test('a wrong body is refused with every field and its rule, without its values', async () => {
  const answer = await http.inject({ method: 'POST', url: '/api/try', headers: CELL, payload: { cell: 'zz9', count: 10, extra: 'x' } });
  expect(answer.statusCode).toBe(400);
  const body = answer.json<{ code: string; fields: { field: string; rule: string }[] }>();
  expect(body.code).toBe('REQUEST_INVALID');
  expect(body.fields).toContainEqual({ field: 'body.cell', rule: 'must be four digits' });
  expect(body.fields.map((entry) => entry.field)).toContain('body.count');
  expect(answer.body).not.toContain('zz9');
});

test.each([
  ['text/plain', 'hello', 415, 'MEDIA_TYPE_UNSUPPORTED'],
  ['application/json', '{"a":', 400, 'BODY_NOT_JSON'],
  ['application/json', JSON.stringify({ cell: 'x'.repeat(600_000) }), 413, 'BODY_TOO_LARGE'],
])('a body of type %s that cannot be read is refused (%#)', async (type, payload, status, code) => {
  const answer = await http.inject({ method: 'POST', url: '/api/try', headers: { ...CELL, 'content-type': type }, payload });
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
});

test('a fault tells its request id and nothing of its inside; the log has both', async () => {
  const answer = await http.inject({ url: '/api/fault', headers: CELL });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('hunter2');
  const { requestId } = answer.json<{ requestId: string }>();
  expect(lines.some((line) => line.includes(requestId) && line.includes('"level":"error"'))).toBe(true);
});

test('overload names the seconds to wait', async () => {
  const answer = await http.inject({ url: '/api/busy', headers: CELL });
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
});

test('an unknown path is 404 and a wrong method 405, both JSON', async () => {
  expect((await http.inject({ url: '/api/nothing', headers: CELL })).json()).toMatchObject({ code: 'PATH_UNKNOWN' });
  const wrong = await http.inject({ method: 'DELETE', url: '/api/things/7', headers: CELL });
  expect([wrong.statusCode, wrong.headers['allow']]).toEqual([405, 'GET, HEAD']);
});

test('a route of one family answers on no other host name', async () => {
  const answer = await http.inject({ method: 'POST', url: '/api/try', headers: CONSOLE, payload: { cell: '0101', count: 1 } });
  expect(answer.json()).toMatchObject({ code: 'WRONG_HOST_NAME', message: 'This path answers on http://cell.localhost:8080 only.' });
});

test.each([
  [{}, 200],
  [{ origin: 'http://cell.localhost:8080', 'sec-fetch-site': 'same-origin' }, 200],
  [{ origin: 'http://console.localhost:8080' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
])('a change from %o is answered with %i', async (headers, status) => {
  const answer = await http.inject({ method: 'POST', url: '/api/try', headers: { ...CELL, ...headers }, payload: { cell: '0101', count: 1 } });
  expect(answer.statusCode).toBe(status);
});

test('readiness lists every check and fails with any of them', async () => {
  let broken = false;
  health.register('sequencer', () => (broken ? 'more than 60 s behind' : undefined));
  expect((await http.inject('/readyz')).json()).toEqual({ ready: true, checks: [{ name: 'sequencer', ok: true }] });
  broken = true;
  const answer = await http.inject('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toEqual({ ready: false, checks: [{ name: 'sequencer', ok: false, reason: 'more than 60 s behind' }] });
});

test('OpenAPI 3.1 describes the routes, and metrics count them by pattern', async () => {
  const api = (await http.inject('/api/openapi.json')).json<{ openapi: string; paths: Record<string, unknown> }>();
  expect(api.openapi).toBe('3.1.0');
  expect(Object.keys(api.paths)).toContain('/api/try');
  await http.inject('/api/things/secret-name');
  const figures = (await http.inject('/metrics')).body;
  expect(figures).toContain('sallyport_http_request_seconds_count{method="GET",route="/api/things/:id",status="200"}');
  expect(figures).not.toContain('secret-name');
  expect(lines.join('')).not.toContain('secret-name');
});
