/** What is said of visitors, and of who may not write. */
import type { BanKind } from '../../../../protocol/bans.ts';

export const words = {
  intro:
    'Everybody who has written, the last seen first. Open somebody to read what they wrote, to correct what is known of them, or to ban them.',
  none: 'Nobody has written yet.',
  more: 'Show more',
  conversations: (count: number) => (count === 1 ? 'One conversation' : `${count} conversations`),
  banned: 'Banned',
  bans: 'Who may not write',
  noBans: 'Nobody is banned.',
  unnamed: {
    visitor: 'A visitor',
    address: 'An address',
    network: 'The network of a customer',
  } satisfies Record<BanKind, string>,
  until: (when: string) => `until ${when}`,
  by: (name: string) => `by ${name}`,
  lift: 'Let in again',
  liftThis: (name: string) => `Let in again: ${name}`,
  create: 'Ban an address or a network',
  createAction: 'Ban',
  created: 'It counts at once.',
  kind: 'What is banned',
  kinds: { network: 'A network', address: 'An e-mail address' },
  targets: { network: 'IP address, or network', address: 'E-mail address' },
  kindHints: {
    network: 'An IP address stands for its whole network: the first 24 bits of IPv4, the first 48 of IPv6.',
    address: 'It is for whoever has proved that this address is theirs. A typed one bans nobody.',
  },
  reason: 'Why',
  lasts: 'For how long',
};
