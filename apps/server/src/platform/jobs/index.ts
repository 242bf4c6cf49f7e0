export * from './clock.js';
export * from './runner.js';
export * from './schedule.js';
