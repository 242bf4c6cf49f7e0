import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { drive, marksIn, percentile } from './drive.js';
import { readAnswer, requestBytes } from './wire.js';

test('a request states the length of its body in bytes', () => {
  expect(requestBytes({ path: '/x', headers: { host: 'h' }, body: '签' }).toString()).toBe('POST /x HTTP/1.1\r\nhost: h\r\ncontent-length: 3\r\n\r\n签');
});

test('an answer is read once it is whole, and what follows it stays', () => {
  const whole = Buffer.from('HTTP/1.1 201 Created\r\nContent-Length: 2\r\nset-cookie: a=b\r\n\r\nokHTTP/1.1');
  expect(readAnswer(whole.subarray(0, 60))).toBeNull();
  expect(readAnswer(whole)).toMatchObject({ answer: { status: 201, body: 'ok' }, length: whole.length - 'HTTP/1.1'.length });
});

test('marks are counted and percentiles are values that were seen', () => {
  expect(marksIn('{"a":1},{"a":1},{"a":2}', '"a":1')).toBe(2);
  expect([percentile([5, 1, 3], 0.5), percentile([5, 1, 3], 0.99), percentile([5, 1, 3], 0)]).toEqual([3, 5, 1]);
});

test('every request is sent once over kept-alive connections, and answers without the mark are shown', async () => {
  const seen: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const path = chunk.toString().split(' ')[1] ?? '';
      seen.push(path);
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n${path === '/7' ? 'fail' : 'done'}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const requests = Array.from({ length: 10 }, (_, index) => requestBytes({ path: `/${index}`, headers: {} }));
  const figures = await drive(requests, { port, clients: 3, mark: 'done' });
  server.close();
  expect(seen.toSorted()).toEqual(requests.map((_, index) => `/${index}`));
  expect(connections).toBe(3);
  expect(figures).toMatchObject({ requests: 10, done: 9, odd: '200 fail' });
});
