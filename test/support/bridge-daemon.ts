import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { stableJson } from '@sallyport/basics';
import { BRIDGE_PROTOCOL, BRIDGE_URL, type BridgeAsk, type BridgeErrorCode, type BridgeSays, bridgeText } from '@sallyport/contracts';
import type { BridgeSimulator } from './bridge.js';

/** What the reader does with the next person: recognises them, or says why not. */
export type NextReading = 'recognise' | BridgeErrorCode;

/** Fixed by RFC 6455. */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT_FRAME = 0x81;

/** A short text frame of the server, which is never masked. */
function frameOf(message: BridgeSays): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const head = body.length < 126 ? Buffer.from([TEXT_FRAME, body.length]) : Buffer.from([TEXT_FRAME, 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([head, body]);
}

/** The text of one whole frame of a browser, which is always masked; null for anything else, such as its goodbye. */
function textOf(frame: Buffer): string | null {
  if (frame[0] !== TEXT_FRAME) return null;
  const short = (frame[1] ?? 0) & 0x7f;
  const [length, at] = short === 126 ? [frame.readUInt16BE(2), 4] : [short, 2];
  const mask = frame.subarray(at, at + 4);
  return Buffer.from(frame.subarray(at + 4, at + 4 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toString('utf8');
}

/** The device bridge of a terminal with one reader, in software: it takes one origin, one protocol and its own name only. */
export class BridgeDaemon {
  /** Readings in the order they come; without one the person is recognised. */
  readonly next: NextReading[] = [];
  readonly refused: string[] = [];
  readonly #server = createServer();

  constructor(
    private readonly reader: BridgeSimulator,
    private readonly origin: string,
  ) {
    this.#server.on('upgrade', (request, socket) => this.#greet(request, socket));
  }

  async start(): Promise<void> {
    const { port, hostname } = new URL(BRIDGE_URL);
    await new Promise<void>((resolve) => this.#server.listen(Number(port), hostname, resolve));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #greet({ headers }: IncomingMessage, socket: Duplex): void {
    const { origin = '', host = '', 'sec-websocket-key': key = '', 'sec-websocket-protocol': protocol = '' } = headers;
    if (origin !== this.origin || host !== new URL(BRIDGE_URL).host || protocol !== BRIDGE_PROTOCOL) {
      this.refused.push(`${origin} ${host} ${protocol}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const accept = createHash('sha1').update(`${key}${ACCEPT}`).digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    socket.write(`${[...lines, `Sec-WebSocket-Protocol: ${BRIDGE_PROTOCOL}`].join('\r\n')}\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    socket.on('data', (frame: Buffer) => {
      const text = textOf(frame);
      if (text !== null) this.#read(JSON.parse(text) as BridgeAsk, (says) => socket.write(frameOf(says)));
    });
  }

  #read({ id, args }: BridgeAsk, say: (message: BridgeSays) => void): void {
    if (args.reader !== this.reader.id) return say({ id, error: { code: 'absent', retryable: false } });
    say({ id, event: 'ready' });
    say({ id, event: 'reading' });
    const what = this.next.shift() ?? 'recognise';
    if (what !== 'recognise') return say({ id, error: { code: what, retryable: true } });
    const { kind, person, nonce, actHash } = args;
    const signature = this.reader.sign(bridgeText({ nonce, reader: kind, person: stableJson(person), actHash }));
    say({ id, ok: { signature } });
  }
}
