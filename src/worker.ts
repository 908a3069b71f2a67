/** What Cloudflare calls. No decisions. */
import { app } from './app.ts';
import type { Env } from './config.ts';
import { doDuties } from './schedule.ts';

export { Conversation } from './chat/conversation/object.ts';
export { Inbox } from './chat/inbox/object.ts';
export { Watch } from './duties/alarms/object.ts';
export { Ledger } from './ledger/object.ts';
export { Account } from './people/account/object.ts';

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
  scheduled: (_, env) => doDuties(env, Date.now()),
} satisfies ExportedHandler<Env>;
