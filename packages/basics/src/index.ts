export * from './assert.js';
export * from './id.js';
export * from './json.js';
export * from './result.js';
export * from './site-time.js';
export * from './time.js';
