/** What a conversation needs, all at once: the line, and the thread that it brings. */
export { ConversationClient } from '../../connection.ts';
export { ConversationThread } from './conversation-thread.tsx';
