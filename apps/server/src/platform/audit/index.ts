export * from './key.js';
export * from './log-store.js';
export * from './metrics.js';
export { parseVerifier, type Verifier, verifierOf, verifierText } from './note.js';
export * from './record.js';
export * from './sequencer.js';
export * from './witness.js';
export * from './write.js';
