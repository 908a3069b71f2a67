/** The reconnecting client of both faces: a conversation, and a team's inbox, over sockets that come back. */
export { type Access, ConversationClient, type Earlier } from './connection/conversation.ts';
export { inBrowser } from './connection/in-browser.ts';
export { InboxClient } from './connection/inbox.ts';
export { Outbox, type Outgoing } from './connection/outbox.ts';
export { Retrier } from './connection/retrier.ts';
export type { ConnectionState, StopReason } from './connection/state.ts';
export type { Surroundings } from './connection/surroundings.ts';
