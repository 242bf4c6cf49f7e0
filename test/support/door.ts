/** Devices with real keys, sealed and signed envelopes, officers and a door of its own on a test database. */
export * from '../../apps/server/src/platform/commands/testing.js';
export * from '../../apps/server/src/platform/commands/testing-features.js';
