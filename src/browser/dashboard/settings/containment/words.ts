/** What is said in an emergency: short, and of each act what it does and what it does not. */
import type { ContainmentKind, ContainmentReason, SeenKind } from '../../../../protocol/containment.ts';

const number = new Intl.NumberFormat();
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

interface Act {
  name: string;
  does: string;
  not: string;
  action: string;
  ask: (of: string) => { title: string; text: string; yes: string };
}

const stepUp = 'It takes your second step.';

export const words = {
  intro:
    'Stop the harm first, look for its cause afterwards. Each of these holds within a second, at open pages too, stands in the ledger, and takes your second step.',
  now: 'Held back now',
  none: 'Nothing is held back.',
  undo: 'Undo',
  undoThis: (what: string) => `Undo: ${what}`,
  undone: 'That is undone.',
  since: (at: number, by: string) => `Since ${moment.format(at)}, by ${by}`,
  until: (at: number) => `until ${moment.format(at)}`,
  untilUndone: 'until somebody undoes it',
  aNetwork: 'a network that is not known any more',
  titles: {
    readOnly: 'Read-only',
    exports: 'Exports are frozen',
    files: 'Files are frozen',
    logging: 'More is logged',
    site: 'A site is shut',
    person: 'Somebody is locked',
    network: 'A network is blocked',
  } satisfies Record<ContainmentKind, string>,
  why: 'Why',
  whyHint: 'It stands in the ledger with everything that you do here.',
  reasons: {
    account: 'An account may be in other hands',
    key: 'A key may have leaked',
    file: 'A harmful file',
    export: 'Somebody takes much along',
    device: 'A device was lost',
    vendor: 'A supplier was attacked',
    leak: 'Data reached the wrong person',
    service: 'Sotto does not work as it should',
    drill: 'A drill',
    other: 'Another reason',
  } satisfies Record<ContainmentReason, string>,
  lasts: 'For how long',
  forever: 'Until somebody undoes it',
  doesNot: 'Does not: ',
  done: (what: string) => `${what} That holds now.`,

  groups: {
    people: 'People',
    all: 'All of Sotto',
    outside: 'Customers and networks',
    traces: 'Keys and traces',
  },
  person: 'Person',
  team: 'Team',
  site: 'Site',
  network: 'Address or network',
  networkHint:
    'An address such as 203.0.113.9. All of its neighbourhood is blocked: an IPv4 /24, an IPv6 /48.',

  /** Each does one thing at once. */
  acts: {
    endPerson: {
      name: 'Sign somebody out everywhere',
      does: 'Ends every session and closes every page of one person.',
      not: 'Keep them out: with their password and second factor they sign in again.',
      action: 'Sign out',
      ask: (of: string) => ({ title: `Sign ${of} out everywhere?`, text: stepUp, yes: 'Sign out' }),
    } satisfies Act,
    person: {
      name: 'Lock somebody',
      does: 'Signs them out everywhere and lets them in no more. What they had claimed waits for the team again.',
      not: 'Delete anything. Undo it, and they sign in as before.',
      action: 'Lock',
      ask: (of: string) => ({ title: `Lock ${of}?`, text: stepUp, yes: 'Lock' }),
    } satisfies Act,
    endTeam: {
      name: 'Sign a team out',
      does: 'Ends every session of everybody in it, but yours now.',
      not: 'Touch those who may do more than you.',
      action: 'Sign the team out',
      ask: (of: string) => ({ title: `Sign out everybody in ${of}?`, text: stepUp, yes: 'Sign out' }),
    } satisfies Act,
    endAll: {
      name: 'Sign everybody out',
      does: 'Ends every session of everybody, but yours now.',
      not: 'Touch those who may do more than you, or customers.',
      action: 'Sign everybody out',
      ask: () => ({ title: 'Sign everybody out?', text: stepUp, yes: 'Sign out' }),
    } satisfies Act,
    readOnly: {
      name: 'Read-only',
      does: 'Nobody writes or changes anything, neither staff nor customers. What customers write waits in their browsers, and arrives when you undo it.',
      not: 'Keep anybody from reading, stop what is done here, or what Sotto does by itself at night.',
      action: 'Make it read-only',
      ask: () => ({ title: 'Make all of Sotto read-only?', text: stepUp, yes: 'Read-only' }),
    } satisfies Act,
    exports: {
      name: 'Freeze exports',
      does: 'No copies of customers’ data, no conversations by mail, no ledger as a file. Downloads under way are cut off.',
      not: 'Keep anybody from reading, or you from taking along what somebody has seen.',
      action: 'Freeze exports',
      ask: () => ({ title: 'Freeze exports?', text: stepUp, yes: 'Freeze' }),
    } satisfies Act,
    files: {
      name: 'Freeze files',
      does: 'No file is sent, opened or released, by staff or customers. Downloads under way are cut off.',
      not: 'Delete files, or stop what is written.',
      action: 'Freeze files',
      ask: () => ({ title: 'Freeze files?', text: stepUp, yes: 'Freeze' }),
    } satisfies Act,
    site: {
      name: 'Shut a site’s chat',
      does: 'Customers of this site can neither write nor read, and their chat says that it is not available.',
      not: 'Keep staff out of its conversations, or touch other sites.',
      action: 'Shut the chat',
      ask: (of: string) => ({ title: `Shut the chat of ${of}?`, text: stepUp, yes: 'Shut' }),
    } satisfies Act,
    network: {
      name: 'Block a network',
      does: 'Nobody comes in from there, staff or customer, and those who are there are out.',
      not: 'Block your own, shut out staff who may do more than you, or last for ever.',
      action: 'Block the network',
      ask: (of: string) => ({ title: `Block the network of ${of}?`, text: stepUp, yes: 'Block' }),
    } satisfies Act,
    keys: {
      name: 'Renew keys',
      does: 'Another key takes the place of one that may have leaked. Nobody has to sign in again.',
      go: 'To the keys',
    },
    logging: {
      name: 'Log more',
      does: 'Pages and frames are logged besides requests, with country and length. It goes back by itself.',
      not: 'Log who anybody is, or what they write.',
      action: 'Log more',
      ask: () => ({ title: 'Log more for a while?', text: stepUp, yes: 'Log more' }),
    } satisfies Act,
  },
  hours: (hours: number) => (hours === 1 ? 'An hour' : `${hours} hours`),

  radius: {
    title: 'What has somebody seen?',
    intro:
      'Which conversations, files and customers somebody has read, opened or taken along between two times, as the ledger says, with a list of whom to tell. That you look stands in the ledger.',
    from: 'From',
    to: 'To',
    show: 'Show',
    wrongOrder: 'The end comes before the beginning.',
    none: 'They have seen nothing in that time.',
    counts: ({
      customers,
      conversations,
      files,
    }: {
      customers: number;
      conversations: number;
      files: number;
    }) =>
      `${plural(customers, 'customer', 'customers')}, ${plural(conversations, 'conversation', 'conversations')}, ${plural(files, 'file', 'files')}.`,
    asOf: (at: number) => `As the ledger stood on ${moment.format(at)}.`,
    more: (count: number) => `${number.format(count)} more are in the file.`,
    table: 'What they have seen',
    what: 'What',
    whose: 'Whose',
    contact: 'To be told by',
    first: 'First',
    certain: 'Certain',
    yes: 'Yes',
    possibly: 'Possibly',
    possiblyHow:
      'Possibly: an entry stands for a quarter of an hour, or what was opened could be loaded for a while, and that began before the time that you ask about; or it failed, or is not known to have come to an end.',
    nobody: 'Nobody who is known',
    noContact: 'No way is known, or it is not for you to see',
    kinds: {
      read: 'Read a conversation',
      file: 'Opened a file',
      copy: 'Took along all about a customer',
      transcript: 'Mailed a conversation',
    } satisfies Record<SeenKind, string>,
    lists: 'Lists they looked at',
    listsHow: 'It is not kept what stood in them.',
    times: (count: number) => (count === 1 ? 'once' : `${number.format(count)} times`),
    staff: 'Colleagues they did something to',
    takeTable: 'As a table (CSV)',
    takeLines: 'As lines (NDJSON)',
    taken: 'The file is saved.',
  },
  moment: (at: number) => moment.format(at),
};

function plural(count: number, one: string, many: string): string {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}
