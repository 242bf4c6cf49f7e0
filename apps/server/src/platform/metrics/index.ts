export { measureDoor } from './door.js';
export * from './metrics.js';
