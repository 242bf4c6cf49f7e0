export { type BatchContext, type ParkedCommand } from './batch.js';
export { BusyError, type CommandDoor, createDoor, type DoorOptions } from './door.js';
export { type DeviceSessionSeen, type GateOptions, passGate, type ResolveDevice } from './gate.js';
export type { KnownDevice } from './intake.js';
export * from './kind.js';
export { addCommandRoutes, type CommandRouteOptions } from './routes.js';
export { scopedJob, transact, type TransactionContext } from './scope.js';
