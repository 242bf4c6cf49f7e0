import type { Socket } from 'socket.io-client';
import { arrive, type Arrival, type Fleet } from './terminals.js';

/** The process in which thousands of terminals live; it ends with their connections. */
export type FleetTold = { readonly arrived: Arrival } | { readonly failed: string };

const connected: Socket[] = [];

process.on('message', (fleet: Fleet) => {
  arrive(fleet, connected).then(
    (arrived) => process.send?.({ arrived } satisfies FleetTold),
    (error: unknown) => process.send?.({ failed: String(error) } satisfies FleetTold),
  );
});
process.once('disconnect', () => process.exit(0));
