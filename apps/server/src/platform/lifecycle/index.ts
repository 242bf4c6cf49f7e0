export * from './database.js';
export * from './lifecycle.js';
export * from './site-keys.js';
