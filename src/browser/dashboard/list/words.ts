/** What the list of conversations says. */
export const words = {
  conversations: 'Conversations',
  filter: 'Which conversations',
  filters: { mine: 'Mine', waiting: 'Waiting', all: 'All' },
  noTeam: 'You are in no team yet, so there are no conversations for you.',
  loading: 'Loading…',
  loadingMore: 'Loading the rest…',
  empty: {
    mine: 'You have no open conversations.',
    waiting: 'Nobody is waiting.',
    all: 'There are no conversations yet.',
  },
  emptyHint: {
    mine: 'Claim one that waits to begin.',
    waiting: 'Whoever writes next appears here.',
    all: 'They begin when somebody writes on one of your sites.',
  },
  verified: 'Verified',
  addressProved: 'Could read a code that was mailed to their address',
  visitor: (label: string) => `Visitor ${label}`,
  fresh: 'New',
  freshFor: (minutes: number) => (minutes < 1 ? 'New, under a minute' : `New, ${minutes} min`),
  waits: (minutes: number) => (minutes < 1 ? 'Waits under a minute' : `Waits ${minutes} min`),
  freshLate: (minutes: number) => `New, late ${inHours(minutes)}`,
  late: (minutes: number) => `Late ${inHours(minutes)}`,
  answered: 'Answered',
  snoozed: (until: string) => `Snoozed until ${until}`,
  closed: 'Closed',
  unsent: (number: number) => `${number} not sent`,
  elsewhere: 'Not sent',
  notYours: 'Not yours any more',
  you: 'You',
  somebody: 'A colleague',
};

/** Minutes as long as they can be grasped. */
function inHours(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} days`;
}
