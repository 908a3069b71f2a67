/** What Cloudflare calls. No decisions. */
import { app } from './app.ts';
import type { Env } from './config.ts';

export { Conversation } from './chat/conversation/object.ts';
export { Inbox } from './chat/inbox/object.ts';
export { Account } from './people/account/object.ts';

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
} satisfies ExportedHandler<Env>;
