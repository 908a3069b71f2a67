/** What the screen of the laws says. */
import type { Known, Looked, Setting, SettingValue, Stand } from '../../../../protocol/profiles.ts';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const counted = (count: number, one: string) => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

export const words = {
  intro:
    'What a law asks of a chat, and how each of it stands here. Turning a law on brings every site to within what it asks, and keeps it there.',
  noProof:
    'It is a help, and no proof of anything. It does not hold the whole law, and whether you do what it asks is for you and your lawyers to say.',
  ownersOnly: 'Owners turn a law on and off.',
  off: 'Off',
  on: (since: string) => `On since ${since}`,
  count: (met: number, all: number) => `${met} of ${all} measures are met.`,
  turnOn: 'Turn on',
  turnOnThis: (name: string) => `Turn on ${name}`,
  turnOff: 'Turn off',
  turnOffThis: (name: string) => `Turn off ${name}`,
  bringWithin: 'Bring everything within',
  turnOnAsk: (name: string, places: number, erases: string | null) => ({
    title: `Turn on ${name}?`,
    text: [
      places === 0 ? 'Nothing has to change.' : 'What stands below is changed at once.',
      ...(erases === null ? [] : [erases]),
      'While it is on, nobody can set it otherwise.',
    ].join(' '),
    yes: 'Turn on',
  }),
  turnOffAsk: (name: string) => ({
    title: `Turn off ${name}?`,
    text: 'Every setting stays as it is, and can be changed again by whoever may.',
    yes: 'Turn off',
  }),
  wouldChange: 'What turning it on changes',
  nothingToChange: 'Turning it on changes no setting: all are within.',
  organisation: 'The organisation',
  change: (setting: string, from: string, to: string) => `${setting}: ${from} → ${to}`,
  /** Null: nothing. */
  erases: (conversations: number, customers: number): string | null => {
    const all = [
      ...(conversations > 0 ? [counted(conversations, 'conversation')] : []),
      ...(customers > 0 ? [counted(customers, 'customer')] : []),
    ];
    return all.length === 0 ? null : `With the next night, this erases ${all.join(' and ')}.`;
  },
  value: (setting: Setting, value: SettingValue): string => {
    if (value === null) return 'for ever';
    if (typeof value === 'number') return counted(value, setting === 'idleMinutes' ? 'minute' : 'day');
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    return value === 'all' ? 'yes' : 'no';
  },
  measures: (name: string) => `The measures of ${name}`,
  met: { 'built in': 'Built in', set: 'Met', 'by check': 'Found so', 'by contract': 'Noted' },
  open: (stand: Stand, { checks }: Known): string => {
    if (stand.is === 'by contract') return 'Not noted';
    const isFailed = (check: string) => checks[check]?.outcome === 'failed';
    return stand.is === 'by check' && !stand.checks.some(isFailed) ? 'Not shown yet' : 'Not met';
  },
  how: {
    'built in': (rules: string) => `Always so, and nobody can turn it off (rules ${rules}).`,
    set: 'By settings, which this law holds while it is on.',
    'by contract': 'By a contract or a document of yours.',
    'by check': 'By what the security checks find, which look each night.',
  },
  looked: (check: string, found: Looked | undefined) => {
    const at = found?.at ?? null;
    return `${check}: ${found?.words ?? ''}${at === null ? '' : ` (${when.format(at)})`}`;
  },
  noted: (date: string, where: string) => `Since ${date}: ${where}`,
  noteIt: 'Note it',
  noteThis: (what: string) => `Note it: ${what}`,
  changeNote: 'Change the note',
  date: 'Since',
  where: 'Where it is kept',
  whereHint: 'It lies sealed.',
  keep: 'Keep this note',
  takeBack: 'Take it back',
};
