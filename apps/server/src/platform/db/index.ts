export * from './connect.js';
export * from './embedded-postgres.js';
export { FolderInUseError } from './folder-lock.js';
export * from './migrate.js';
export type { Schema } from './schema.js';
export * from './server-check.js';
