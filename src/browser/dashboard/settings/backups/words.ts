/** What is said of backups. */
import type { BackupStage, BackupView, DrillView } from '../../../../protocol/backups.ts';
import type { ReturnView } from '../../../../protocol/restore.ts';

const number = new Intl.NumberFormat();
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** What is done, by its stage (src/duties/restore/returning.ts). */
const backStages: Readonly<Record<string, string>> = {
  find: 'Looking for it in the backup',
  look: 'Looking what is still here',
  verify: 'Holding the backup against what was signed',
  visitor: 'Putting back what they had proved',
  directory: 'Putting it back',
  objects: 'Putting files back',
  conversations: 'Putting messages back',
  open: 'Opening it',
  end: 'Ending',
  drop: 'Clearing away',
};

const outcomes: Readonly<Record<string, (count: string) => string>> = {
  conversations: (count) => `Conversations that came back: ${count}`,
  files: (count) => `Files: ${count}`,
  'conversations that were there': (count) => `Still here, and left as they are: ${count}`,
  'erased conversations': (count) => `Erased since, and not put back: ${count}`,
  'left out conversations': (count) => `Without a key that opens them, and not put back: ${count}`,
  'files that can not be opened': (count) => `Files without a key: ${count}`,
  'messages without a key': (count) => `Messages without a key: ${count}`,
  'legal holds to look at': (count) =>
    `Held, because the ledger does not know whether a legal hold was put or ended: ${count}. Look at each, and end those that should not be`,
};

function counted(count: number, one: string, more: string): string {
  return `${number.format(count)} ${count === 1 ? one : more}`;
}

export const words = {
  intro:
    'Each night, and whenever you like, everything is copied into a bucket of its own, sealed once more, and read again as it lies there. Conversations go on meanwhile.',
  make: 'Make one now',
  begun: (backup: number) => `Backup ${backup} is being made.`,
  ended: ({ number: backup, state }: BackupView) =>
    state === 'whole' ? `Backup ${backup} is made, and whole.` : `Backup ${backup} is of no use.`,
  missing:
    'There should be a newer one: the last that is whole is more than 26 hours old. Make one now, and look at what went wrong below.',

  newest: 'The newest that is whole',
  none: 'There is no backup yet.',
  noneHow: 'The first one is made tonight, or now, if you like.',
  noneWhole: 'None is whole yet.',
  made: 'Made',
  madeAt: ({ number: backup, begunAt }: BackupView, ago: string) =>
    `${ago} (backup ${backup}, ${moment.format(begunAt)})`,
  size: 'Size',
  next: 'The next one',
  nextAt: (at: number) => moment.format(at),

  making: (backup: number) => `Backup ${backup} is being made`,
  step: (step: number, steps: number, stage: BackupStage) =>
    `Step ${step} of ${steps}: ${words.stages[stage]}`,
  stages: {
    sweep: 'clearing away what became of nothing',
    conversations: 'the conversations',
    objects: 'files, and the archive of the ledger',
    tables: 'people, sites and everything else',
    ledger: 'the ledger',
    close: 'signing what is in it',
    check: 'reading all of it once more',
    tidy: 'clearing away what is too old',
  } satisfies Record<BackupStage, string>,
  parts: (parts: number) => (parts === 1 ? '1 part' : `${number.format(parts)} parts`),
  soFar: (parts: string) => `${parts} so far. You can leave this page: it goes on by itself.`,

  drill: 'Can it be put back?',
  drillHow:
    'Each Sunday the newest backup is put back into a scratch space, compared with what was signed and with what is here, and thrown away again.',
  drillMissing:
    'No backup was put back and compared for more than eight days, so nobody knows whether one can be. See to the alarm.',
  noDrill: 'There was no drill yet.',
  drillOf: (backup: number) => `Backup ${backup}`,
  drillStates: {
    working: 'Being tried',
    done: 'Came to the same',
    failed: 'Did not come to the same',
    sealed: 'Could not be opened here',
  } satisfies Record<DrillView['state'], string>,
  drillSealed:
    'Every part is what was signed. Whether it can be put back is not proved, because it opens only where your OpenPGP key is: try it there by hand every few months, and note it here.',
  tryDue:
    'Nobody has put a backup back by hand for more than ninety days, so nobody knows whether one can be.',
  neverTried: 'Nobody has noted yet that they have put one back by hand.',
  tried: (on: string) => `Put back by hand on ${date.format(Date.parse(on))}.`,
  noteTry: 'Note that it was tried',
  tryNoted: 'Noted.',
  triedOn: 'Put back by hand on',
  triedHow: 'Where, and what came of it',
  triedHint: 'It stands in the ledger with who noted it, and takes your second factor.',
  compared: ({ rows, conversations, opened }: DrillView) =>
    `Compared: ${counted(rows, 'row', 'rows')} and ${counted(conversations, 'conversation', 'conversations')}. Opened with keys from their store: ${number.format(opened)}.`,

  back: 'Put something back',
  backHow:
    'A conversation that was lost here, or all of one customer’s, comes back while everything goes on. What is still here stays as it is, and what was erased never comes back. You are asked for your second factor, and it stands in the ledger.',
  backNone: 'There is no backup that is whole.',
  from: 'From',
  option: ({ number: backup, begunAt }: BackupView) => `Backup ${backup}, ${moment.format(begunAt)}`,
  wanted: 'Conversation or visitor',
  wantedHow:
    'The address of the conversation, or the id of either: con_… for one conversation, vis_… for everything that one visitor began.',
  noId: 'This holds no id of a conversation or visitor.',
  putBack: 'Put it back',
  backBegun: 'Begun.',
  backOf: ({ wanted, number: backup }: ReturnView) => `${wanted}, from backup ${backup}`,
  backStates: { working: 'Being put back', done: 'Done', failed: 'Not put back' } satisfies Record<
    ReturnView['state'],
    string
  >,
  backStage: (stage: string | null) => `${backStages[stage ?? ''] ?? 'Beginning'}. It goes on by itself.`,
  came: ({ state, counts }: ReturnView) => {
    if (state === 'failed' && (counts['conversations'] ?? 0) === 0) return 'Nothing was changed here.';
    const said = Object.entries(outcomes).flatMap(([what, say]) => {
      const count = counts[what] ?? 0;
      return count === 0 ? [] : [say(number.format(count))];
    });
    return said.length === 0 ? 'Nothing was missing.' : `${said.join('. ')}.`;
  },

  takes: 'What it takes to read one',
  takesHow: 'What people said, sent and are called opens with all three alone.',
  taken: [
    [
      'The backup',
      'The bucket sotto-backups. Copy it elsewhere, and lock it for as long as backups are kept.',
    ],
    ['KEYRING', 'The secret that this deployment was given. Keep a copy where the buckets are not.'],
    [
      'The key store',
      'The bucket sotto-keys, which is in no backup: a key that was destroyed there, such as that of somebody who was erased, is gone from every backup too.',
    ],
  ],

  verify: 'Is it whole?',
  verifyHow:
    'Copy the bucket to a folder and run this in a copy of Sotto, offline if you like. It needs no secret. Without the hash of the newest manifest nobody can say whether newer backups were taken away, so keep that hash elsewhere: it stands in the ledger, too.',
  line: 'The command that verifies backups',
  command: (hash: string | null, key: string) =>
    [
      'npm run backup:verify -- <folder>',
      ...(hash === null ? [] : [`--newest '${hash}'`]),
      `--key '${key}'`,
    ].join(' '),
  keyHow:
    'The key is that of the root that seals today. Where the root was renewed, former backups were signed by another: keep that key as well.',

  all: 'All backups',
  kept: 'Those are kept from which each of the last 35 days can be put back.',
  older: (count: number) => (count === 1 ? '1 older one' : `${number.format(count)} older ones`),
  name: (backup: number) => `Backup ${backup}`,
  states: { making: 'Being made', whole: 'Whole', broken: 'Of no use' } satisfies Record<
    BackupView['state'],
    string
  >,
  full: 'stands alone',
  upon: 'builds upon those before it',
  wrong: (wrong: string) => `What is wrong: ${wrong}.`,
  manifest: 'SHA-256 of its manifest',
  manifestOf: (backup: number) => `SHA-256 of the manifest of backup ${backup}`,
  copy: 'Copy',
  copyOf: (backup: number) => `Copy the hash of backup ${backup}’s manifest`,
  copied: (backup: number) => `The hash of backup ${backup}’s manifest is copied.`,
  notCopied: 'This could not be copied. Select it and copy it yourself.',
  inLedger: 'Who began one, and what became of each, stands in the ledger',
};
