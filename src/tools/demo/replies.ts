/** The demo's canned replies: of all teams, and of each. */
import { SECOND_TEAM, TEAM } from './cast.ts';

export interface DemoReply {
  /** Without one, it is every team's. */
  readonly team?: typeof TEAM | typeof SECOND_TEAM;
  readonly shortcut: string;
  readonly text: string;
}

export const REPLIES: readonly DemoReply[] = [
  { shortcut: 'hello', text: 'Hello {{customer.name}}, this is {{agent.name}}. How can I help?' },
  { shortcut: 'moment', text: 'One moment please, I am looking that up for you.' },
  {
    shortcut: 'bye',
    text: 'Thank you for writing to {{site.name}}, {{customer.name}}. Have a good day!',
  },
  {
    team: TEAM,
    shortcut: 'grind',
    text: [
      'Which grind suits which machine:',
      '- **Espresso**: fine, like salt',
      '- **Filter**: medium, like sand',
      '- **French press**: coarse, like sea salt',
    ].join('\n'),
  },
  {
    team: TEAM,
    shortcut: 'delivery',
    text: 'We roast on Tuesdays and send on Wednesdays, so your coffee is with you by Thursday.',
  },
  {
    team: SECOND_TEAM,
    shortcut: 'refund',
    text: 'We have sent your money back, {{customer.name}}. It takes *two to three* working days to arrive.',
  },
  {
    team: SECOND_TEAM,
    shortcut: 'return',
    text: 'You can send it back within 30 days. Write `RETURN` on the parcel and put the slip inside.',
  },
];
