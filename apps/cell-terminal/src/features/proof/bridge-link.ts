import { type BridgeAsk, type BridgeErrorCode, readBridgeMessage, type ReadingState } from '@sallyport/contracts';

/** Why a reading gave no proof. `no-bridge`: nothing answers on this machine; `broken`: the connection ended before an answer came. */
export type ReadingFailure = BridgeErrorCode | 'no-bridge' | 'broken';
export type Reading = { readonly ok: true; readonly signature: string } | { readonly ok: false; readonly why: ReadingFailure };

/** As much of a WebSocket as a reading needs. */
export interface BridgeSocket {
  readonly addEventListener: (name: 'open' | 'message' | 'error' | 'close', listener: (event: { data?: unknown }) => void) => void;
  readonly send: (text: string) => void;
  readonly close: () => void;
}

export interface ReadingOptions {
  readonly ask: BridgeAsk;
  readonly open: () => BridgeSocket;
  /** Milliseconds for the whole reading, the connection included. */
  readonly patience: number;
  readonly onState: (state: ReadingState) => void;
  /** The person went elsewhere: the connection is closed, which ends the reading at the bridge too. */
  readonly signal: AbortSignal;
}

/** One reading over one connection. Resolves once, whatever the bridge does; messages of other readings and unreadable ones are passed over. */
export function readPerson({ ask, open, patience, onState, signal }: ReadingOptions): Promise<Reading> {
  return new Promise((resolve) => {
    let connected = false;
    let socket: BridgeSocket | null = null;
    const end = (reading: Reading): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
      socket?.close();
      resolve(reading);
    };
    const gone = (): void => end({ ok: false, why: 'broken' });
    const timer = setTimeout(() => end({ ok: false, why: connected ? 'timed-out' : 'no-bridge' }), patience);
    signal.addEventListener('abort', gone);
    try {
      socket = open();
    } catch {
      return end({ ok: false, why: 'no-bridge' });
    }
    const lost = (): void => end({ ok: false, why: connected ? 'broken' : 'no-bridge' });
    socket.addEventListener('open', () => {
      connected = true;
      socket?.send(JSON.stringify(ask));
    });
    socket.addEventListener('error', lost);
    socket.addEventListener('close', lost);
    socket.addEventListener('message', ({ data }) => {
      const said = readBridgeMessage(data);
      if (said?.id !== ask.id) return;
      if ('event' in said) onState(said.event);
      else if ('ok' in said) end({ ok: true, signature: said.ok.signature });
      else end({ ok: false, why: said.error.code });
    });
  });
}
