/** What Cloudflare calls. No decisions. */
import { app } from './app.ts';
import { Conversation } from './chat/conversation/object.ts';
import { Inbox } from './chat/inbox/object.ts';
import type { Env } from './config.ts';
import { countFault } from './duties/alarms.ts';
import { Watch } from './duties/alarms/object.ts';
import { Scratch } from './duties/restore/object.ts';
import { Runs } from './duties/runs/workflow.ts';
import { Ledger } from './ledger/object.ts';
import { countFaultsBy, logFaultsIn } from './log.ts';
import { Account } from './people/account/object.ts';
import { requireResidencyOfAlarms } from './residency.ts';
import { doDuties } from './schedule.ts';

countFaultsBy(countFault);
requireResidencyOfAlarms([Account, Conversation, Inbox, Ledger, Scratch, Watch]);
logFaultsIn({ Account, Conversation, Inbox, Ledger, Scratch, Watch });
export { Account, Conversation, Inbox, Ledger, Runs, Scratch, Watch };

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
  scheduled: ({ cron }, env) => doDuties(env, cron, Date.now()),
} satisfies ExportedHandler<Env>;
