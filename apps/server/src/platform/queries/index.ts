export * from './query.js';
export { positionText, readPosition } from './position.js';
export { addQueryRoutes, type QueryOptions } from './register.js';
