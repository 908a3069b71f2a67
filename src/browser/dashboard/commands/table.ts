/**
 * Everything that can be done by a key, once: what binds the keys, what the help sheet shows and what the palette
 * offers is this table. `Mod` is Ctrl, or Cmd on a Mac. A key without it is one key alone, and does nothing while
 * somebody types.
 */

export const groups = ['everywhere', 'list', 'conversation', 'settings'] as const;
export type Group = (typeof groups)[number];

interface Entry {
  group: Group;
  label: string;
  keys?: readonly string[];
}

export const commands = {
  palette: { group: 'everywhere', label: 'Find a command', keys: ['Mod+K'] },
  help: { group: 'everywhere', label: 'Show the keyboard shortcuts', keys: ['?'] },
  leave: { group: 'everywhere', label: 'Leave the field, back to the list', keys: ['Escape'] },
  presence: { group: 'everywhere', label: 'Switch between available and away' },
  sound: { group: 'everywhere', label: 'Turn the sound on or off' },
  singleKeys: { group: 'everywhere', label: 'Turn single-key shortcuts on or off' },
  signOut: { group: 'everywhere', label: 'Sign out' },

  next: { group: 'list', label: 'Next conversation', keys: ['j', 'ArrowDown'] },
  previous: { group: 'list', label: 'Previous conversation', keys: ['k', 'ArrowUp'] },
  mine: { group: 'list', label: 'Show mine', keys: ['1'] },
  waiting: { group: 'list', label: 'Show those waiting', keys: ['2'] },
  all: { group: 'list', label: 'Show all', keys: ['3'] },

  claim: { group: 'conversation', label: 'Claim this conversation', keys: ['c'] },
  answer: { group: 'conversation', label: 'Write an answer', keys: ['r'] },
  note: { group: 'conversation', label: 'Write a note', keys: ['n'] },
  switchKind: { group: 'conversation', label: 'Switch between answer and note', keys: ['Mod+I'] },
  attach: { group: 'conversation', label: 'Attach a file', keys: ['a'] },
  canned: { group: 'conversation', label: 'Insert a canned reply', keys: ['/'] },
  handOver: { group: 'conversation', label: 'Hand over', keys: ['h'] },
  snooze: { group: 'conversation', label: 'Snooze, or end the snooze', keys: ['s'] },
  end: { group: 'conversation', label: 'Close, or reopen', keys: ['x'] },
  watch: { group: 'conversation', label: 'Watch without being shown', keys: ['w'] },
  join: { group: 'conversation', label: 'Join what you watch, and be shown' },
  customer: { group: 'conversation', label: 'Show the customer', keys: ['i'] },
  tag: { group: 'conversation', label: 'Add a tag', keys: ['t'] },
  files: { group: 'conversation', label: 'Show the files', keys: ['f'] },

  inbox: { group: 'settings', label: 'Go to the inbox' },
  me: { group: 'settings', label: 'Your sign-in' },
  lessons: { group: 'settings', label: 'Your lessons' },
  people: { group: 'settings', label: 'Manage people' },
  roles: { group: 'settings', label: 'Manage roles' },
  teams: { group: 'settings', label: 'Manage teams' },
  sites: { group: 'settings', label: 'Manage sites' },
  replies: { group: 'settings', label: 'Manage canned replies' },
  visitors: { group: 'settings', label: 'Visitors and bans' },
  organisation: { group: 'settings', label: 'Manage the organisation' },
  keys: { group: 'settings', label: 'See and renew Sotto’s keys' },
  backups: { group: 'settings', label: 'Backups: see them, and have one made' },
  training: { group: 'settings', label: 'Training: who takes which lessons' },
  checks: { group: 'settings', label: 'Security checks: see them, and run them' },
  profiles: { group: 'settings', label: 'Laws: what is asked, and how it stands' },
  processing: { group: 'settings', label: 'Record of processing' },
  live: { group: 'settings', label: 'Right now: who waits, and who is there' },
  privacy: { group: 'settings', label: 'What customers ask about their data' },
  alarms: { group: 'settings', label: 'Alarms' },
  incidents: { group: 'settings', label: 'Incidents: declare one, or work on one' },
  containment: { group: 'settings', label: 'In an emergency: lock, freeze, block' },
  ledger: { group: 'settings', label: 'Who did and read what' },
  rebuild: { group: 'settings', label: 'Rebuild an inbox' },
} as const satisfies Record<string, Entry>;

export type CommandId = keyof typeof commands;
export const commandIds = Object.keys(commands) as CommandId[];

export function entryOf(id: CommandId): Entry {
  return commands[id];
}
