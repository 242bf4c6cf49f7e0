import path from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.js';

function problems(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const tls = { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' };

test('nothing set gives the safe defaults', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8080,
    dataDir: path.resolve('data'),
    databaseUrl: undefined,
    logLevel: 'info',
    tls: undefined,
    origins: { cell: 'http://cell.localhost:8080', hall: 'http://hall.localhost:8080', console: 'http://console.localhost:8080' },
    demo: false,
    site: 'county',
  });
});

test('every wrong variable is named at once, with its rule', () => {
  const found = problems({ PORT: '80a', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x', CELL_ORIGIN: 'https://cell.example/path', DEMO: 'yes', SITE: 'planet' });
  for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'CELL_ORIGIN', 'DEMO', 'SITE']) {
    expect(
      found.filter((line) => line.startsWith(`${name} must`)),
      name,
    ).toHaveLength(1);
  }
});

test('a port beyond 65535 is refused', () => {
  expect(problems({ PORT: '65536' })).toEqual(['PORT must be at most 65535. Example: 8080.']);
});

test.each(['0.0.0.0', '192.0.2.1', '::', 'site.example'])('host %s without certificate files is refused with the reason', (HOST) => {
  expect(problems({ HOST })[0]).toMatch(/HTTPS only. Set TLS_CERT_FILE and TLS_KEY_FILE/);
  expect(problems({ HOST, ...tls })).toEqual([]);
});

test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('host %s is loopback', (HOST) => {
  expect(problems({ HOST, DEMO: '1' })).toEqual([]);
});

test('a certificate without its key is refused', () => {
  expect(problems({ TLS_CERT_FILE: 'cert.pem' })[0]).toContain('belong together');
});

test('with certificate files the usual origins are https', () => {
  expect(readConfig({ ...tls, PORT: '443' }).origins.cell).toBe('https://cell.localhost');
});

test('demo is refused off loopback and on an external database', () => {
  expect(problems({ DEMO: '1', HOST: '0.0.0.0', ...tls })[0]).toContain('HOST must be loopback');
  expect(problems({ DEMO: '1', DATABASE_URL: 'postgresql://localhost/x' })[0]).toContain('embedded database only');
});

test('two apps on one host name are refused', () => {
  expect(problems({ CELL_ORIGIN: 'http://a.localhost:1', HALL_ORIGIN: 'http://a.localhost:2' })[0]).toContain('three different host names');
});
