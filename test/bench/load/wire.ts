import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Status line and headers as they came. */
  readonly headers: string;
  readonly body: string;
}

const HEADER_END = Buffer.from('\r\n\r\n');

/** Writes a request as it goes over the wire. */
export function requestBytes(request: { method?: string; path: string; headers: Readonly<Record<string, string>>; body?: string }): Buffer {
  const { method = 'POST', path, headers, body = '' } = request;
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** The first whole answer of what came, and how many bytes it took; null while it is not whole. Answers carry their length. */
export function readAnswer(bytes: Buffer): { readonly answer: Answer; readonly length: number } | null {
  const end = bytes.indexOf(HEADER_END);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const said = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (!said) throw new Error('an answer without a length');
  const length = end + HEADER_END.length + Number(said[1]);
  if (bytes.length < length) return null;
  return { answer: { status: Number(head.slice(9, 12)), headers: head, body: bytes.toString('utf8', end + HEADER_END.length, length) }, length };
}

/** One kept-alive connection with one request at a time: a client that costs little, the same for every side of a comparison. */
export class Wire {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection closed')));
  }

  static open(port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Wire(socket));
      });
    });
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection is closed'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const read = readAnswer(this.#bytes);
    if (!read) return;
    this.#bytes = this.#bytes.subarray(read.length);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(read.answer);
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }
}
