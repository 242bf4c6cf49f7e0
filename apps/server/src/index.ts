export * from './platform/db/index.js';
export * from './platform/db/testing.js';
export * from './app.js';
export * from './platform/config/index.js';
export * from './platform/jobs/index.js';
export * from './platform/log/index.js';
export * from './platform/metrics/index.js';
