/**
 * The reconnecting client of both faces: a conversation over a socket that comes back, and a queue that outlives
 * the page. Of an inbox the widget knows nothing, so its client is imported by itself.
 */
export type { Typist } from './connection/company.ts';
export { type Access, ConversationClient } from './connection/conversation.ts';
export type { Earlier } from './connection/history.ts';
export { inBrowser } from './connection/in-browser.ts';
export { Outbox } from './connection/outbox.ts';
export type { Kind, Outgoing } from './connection/outgoing.ts';
export { Queue } from './connection/queue.ts';
export type { Chest } from './connection/queue/chest.ts';
export { type Shelf, noShelf } from './connection/queue/shelf.ts';
export { Reading, newsAbove } from './connection/reading.ts';
export { Retrier } from './connection/retrier.ts';
export { type ConnectionState, type StopReason, isShut, mayPass } from './connection/state.ts';
export type { Cancel, Notice, Surroundings } from './connection/surroundings.ts';
