export { type ChangeFilter, type ChangesAnswer, changesSince, currentCursor, pruneChanges } from './changes.js';
export type { Realtime } from './realtime.js';
export { officerTopics, TERMINAL_TOPICS } from './rooms.js';
export { createSocketServer, type SocketOptions, type SocketServer } from './sockets.js';
