/** All security checks, by group, in the order in which they are looked at and shown. */
import type { Check } from './check.ts';
import { alarmReceivers } from './list/alarm-receivers.ts';
import { alarmsAnswered } from './list/alarms-answered.ts';
import { backupRecent } from './list/backup-recent.ts';
import { backupThere } from './list/backup-there.ts';
import { closedDoors } from './list/closed-doors.ts';
import { configurationDrift } from './list/configuration-drift.ts';
import { contentPolicy } from './list/content-policy.ts';
import { cookies } from './list/cookies.ts';
import { copiesSwept } from './list/copies-swept.ts';
import { customRoles } from './list/custom-roles.ts';
import { customerProof } from './list/customer-proof.ts';
import { dependencies } from './list/dependencies.ts';
import { dutiesDone } from './list/duties-done.ts';
import { faults } from './list/faults.ts';
import { heldBack } from './list/held-back.ts';
import { identityKeys } from './list/identity-keys.ts';
import { idleTime } from './list/idle-time.ts';
import { incidentClocks } from './list/incident-clocks.ts';
import { incidentDrills } from './list/incident-drills.ts';
import { incidentPlan } from './list/incident-plan.ts';
import { invitations } from './list/invitations.ts';
import { keyCopies } from './list/key-copies.ts';
import { keysRenewed } from './list/keys-renewed.ts';
import { keysRetired } from './list/keys-retired.ts';
import { ledgerLate } from './list/ledger-late.ts';
import { ledgerPublished } from './list/ledger-published.ts';
import { ledgerWhole } from './list/ledger-whole.ts';
import { ledgerWitness } from './list/ledger-witness.ts';
import { mail } from './list/mail.ts';
import { mailAuthenticated } from './list/mail-authenticated.ts';
import { masking } from './list/masking.ts';
import { ownerKey } from './list/owner-key.ts';
import { owners } from './list/owners.ts';
import { phishingResistantFactors } from './list/phishing-resistant-factors.ts';
import { powerfulRights } from './list/powerful-rights.ts';
import { profilesMet } from './list/profiles-met.ts';
import { rateLimits } from './list/rate-limits.ts';
import { readingBudgets } from './list/reading-budgets.ts';
import { recordOfProcessing } from './list/record-of-processing.ts';
import { recoveryCodes } from './list/recovery-codes.ts';
import { requestsInTime } from './list/requests-in-time.ts';
import { residency } from './list/residency.ts';
import { restoreDrill } from './list/restore-drill.ts';
import { retentionDone } from './list/retention-done.ts';
import { retentionSet } from './list/retention-set.ts';
import { rootAge } from './list/root-age.ts';
import { scanner } from './list/scanner.ts';
import { sealedBuckets } from './list/sealed-buckets.ts';
import { sealedConversations } from './list/sealed-conversations.ts';
import { sealedDatabase } from './list/sealed-database.ts';
import { secondFactors } from './list/second-factors.ts';
import { secretsApart } from './list/secrets-apart.ts';
import { securityHeaders } from './list/security-headers.ts';
import { sessions } from './list/sessions.ts';
import { setupClosed } from './list/setup-closed.ts';
import { siteOrigins } from './list/site-origins.ts';
import { staleAccounts } from './list/stale-accounts.ts';
import { training } from './list/training.ts';
import { transport } from './list/transport.ts';
import { unusedRights } from './list/unused-rights.ts';
import { webhooks } from './list/webhooks.ts';

export const checks: readonly Check[] = [
  secondFactors,
  phishingResistantFactors,
  recoveryCodes,
  owners,
  ownerKey,
  staleAccounts,
  sessions,
  idleTime,
  powerfulRights,
  customRoles,
  unusedRights,
  invitations,
  readingBudgets,
  siteOrigins,
  customerProof,
  identityKeys,
  masking,
  retentionSet,
  retentionDone,
  requestsInTime,
  copiesSwept,
  sealedDatabase,
  sealedConversations,
  sealedBuckets,
  keysRenewed,
  keysRetired,
  rootAge,
  secretsApart,
  ledgerWhole,
  ledgerLate,
  ledgerPublished,
  ledgerWitness,
  backupRecent,
  backupThere,
  restoreDrill,
  keyCopies,
  alarmsAnswered,
  alarmReceivers,
  webhooks,
  faults,
  dutiesDone,
  heldBack,
  configurationDrift,
  securityHeaders,
  contentPolicy,
  cookies,
  closedDoors,
  rateLimits,
  setupClosed,
  transport,
  scanner,
  mail,
  mailAuthenticated,
  dependencies,
  training,
  incidentPlan,
  incidentDrills,
  recordOfProcessing,
  residency,
  incidentClocks,
  // What others have found in this run counts for it.
  profilesMet,
];
