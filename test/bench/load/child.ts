import { readFileSync } from 'node:fs';
import { drive, type Figures, type Order } from './drive.js';
import { requestBytes } from './wire.js';

/** What the parent asks of the load generator. */
export type Ask = { readonly load: string } | { readonly go: Order } | { readonly watch: true };
/** What it answers; `first` is the first success after it was told to watch. */
export type Told = { readonly loaded: number } | { readonly figures: Figures } | { readonly first: number } | { readonly failed: string };

let requests: Buffer[] = [];
let watching = false;

const tell = (told: Told) => process.send?.(told);

function onDone(): void {
  if (!watching) return;
  watching = false;
  tell({ first: Date.now() });
}

function load(file: string): void {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  requests = lines.map((line) => requestBytes(JSON.parse(line) as Parameters<typeof requestBytes>[0]));
  tell({ loaded: requests.length });
}

process.on('message', (ask: Ask) => {
  if ('load' in ask) load(ask.load);
  else if ('watch' in ask) watching = true;
  else
    drive(requests, ask.go, onDone).then(
      (figures) => tell({ figures }),
      (error: unknown) => tell({ failed: String(error) }),
    );
});
process.once('disconnect', () => process.exit(0));
