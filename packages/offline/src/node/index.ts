export { FileStore } from './file-store.js';
export { nodeClock, nodeNet, nodePorts, nodeRandom, noHints, soleLeader } from './node-ports.js';
