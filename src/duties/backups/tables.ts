/**
 * The tables of the database as a backup takes them, in the order in which they can be put back: what is referred to comes
 * first. A new table has to be named here, or below with the reason why it is not (worker-tests/duties/backups.test.ts).
 */

export type Table = {
  readonly name: string;
  /** Its primary key, by which it is read page by page. */
  readonly by: readonly string[];
  /** Wrapped data keys: they lie in the key store, and come back from there or not at all. */
  readonly without?: string;
  readonly where?: string;
  /**
   * Whatever a row refers to, by column: a table, or a column of one where that is not its `id`. One that refers to what did
   * not come back does not come back either.
   */
  readonly refers?: Readonly<Record<string, string>>;
  /** As `refers`; but a row whose other did not come back does come back, without naming it. */
  readonly mayRefer?: Readonly<Record<string, string>>;
  /** What stands there already stays as it is. */
  readonly stays?: true;
};

export const tables: readonly Table[] = [
  // They wrap and are wrapped by roots, and are of no use without KEYRING; without them nothing of what is kept opens. The
  // keys of tokens are left behind: those of today may have leaked by the day of a restore.
  { name: 'keys', by: ['id'], where: "purpose <> 'token'" },
  { name: 'organisation', by: ['only'] },
  { name: 'profiles', by: ['profile'] },
  { name: 'contracts', by: ['measure'] },
  { name: 'controller', by: ['only'] },
  { name: 'roles', by: ['id'] },
  { name: 'teams', by: ['id'] },
  { name: 'people', by: ['id'], without: 'key' },
  { name: 'team_members', by: ['team', 'person'], refers: { team: 'teams', person: 'people' } },
  { name: 'passkeys', by: ['id'], refers: { person: 'people' } },
  { name: 'owner_key', by: ['only'], mayRefer: { waiting: 'people' } },
  { name: 'own_lessons', by: ['id', 'version'] },
  { name: 'training_asked', by: ['role', 'lesson'] },
  { name: 'training_taken', by: ['person', 'lesson'], refers: { person: 'people' } },
  { name: 'sites', by: ['id'], refers: { team: 'teams' } },
  { name: 'site_keys', by: ['id'], refers: { site: 'sites' } },
  { name: 'replies', by: ['id'], refers: { team: 'teams' } },
  { name: 'visitors', by: ['id'], without: 'key', refers: { site: 'sites' } },
  { name: 'visitor_holds', by: ['hold'], refers: { visitor: 'visitors', key: 'site_keys' } },
  { name: 'spent_secrets', by: ['visitor'] },
  { name: 'bans', by: ['id'], without: 'key' },
  { name: 'containment', by: ['id'] },
  { name: 'conversations', by: ['id'] },
  { name: 'erased', by: ['id'], stays: true },
  {
    name: 'requests',
    by: ['id'],
    without: 'key',
    mayRefer: { opened_by: 'people', decided_by: 'people' },
  },
  { name: 'restrictions', by: ['visitor'] },
  { name: 'incidents', by: ['id'], without: 'key' },
  { name: 'incident_notes', by: ['id'], refers: { incident: 'incidents' } },
  { name: 'incident_tasks', by: ['id'], refers: { incident: 'incidents' } },
  { name: 'incident_clocks', by: ['incident', 'clock'], refers: { incident: 'incidents' } },
  { name: 'drills', by: ['id'] },
  { name: 'incident_policies', by: ['version'] },
  {
    name: 'incident_approvals',
    by: ['version', 'role'],
    refers: { version: 'incident_policies.version' },
  },
  { name: 'incident_roles', by: ['role', 'rank'], refers: { person: 'people' } },
  { name: 'check_runs', by: ['id'] },
  { name: 'check_results', by: ['run', 'id'] },
  { name: 'check_exceptions', by: ['id'] },
  { name: 'ledger_keys', by: ['owner', 'month'], without: 'key' },
  { name: 'ledger_archive', by: ['only'] },
  { name: 'ledger_late', by: ['id'] },
  { name: 'ledger_witness', by: ['only'] },
];

/** What is in no backup as a table, and why. */
export const leftOut = {
  ledger: 'it only grows, and is taken from where the backup before ended',
  resets: 'a wish that waits for a day',
  vouches: 'tokens that run out within ten minutes',
  visitor_codes: 'codes that run out within ten minutes, and how many were mailed within an hour',
  uploads: 'how much was sent today',
  residency: 'where this deployment lies; what it is restored into has a place of its own',
  roots: 'the ledger and the keys say since when each is in use',
  runs: 'how far a duty is',
  drill_things: 'what a drill has made just now; where it is goes by what lies in its site',
  training_reminded: 'at worst somebody is reminded once more',
  transcripts: 'what was mailed within ten minutes',
  copies: 'they are gone after a week, and made again by whoever wants one',
  unmoved: 'the next look at what lies under which key finds it again',
  backups: 'the backups themselves say it',
  restores: 'it is about this deployment alone',
  returns: 'it is about this deployment alone',
  return_lines: 'what is being put back here just now',
  restore_counts: 'it is about this deployment alone',
  backup_parts: 'of the one that is being made',
  backup_marks: 'what the next one begins with; after a restore that is a full one',
  backup_objects: 'what the next one begins with',
} as const;
