/** What all of the settings say, and most screens by their names. They are fetched when somebody opens them. */
import type { settingsGroups } from '../route.ts';
import { words as organisation } from './organisation/words.ts';
import { words as people } from './people/words.ts';
import { words as replies } from './replies/words.ts';
import { words as roles } from './roles/words.ts';
import { words as sites } from './sites/words.ts';
import { words as teams } from './teams/words.ts';
import { words as visitors } from './visitors/words.ts';

export const words = {
  settings: 'Settings',
  groups: {
    people: 'Staff',
    chat: 'Chat',
    privacy: 'Data and laws',
    security: 'Security',
    sotto: 'Sotto',
  } satisfies Record<keyof typeof settingsGroups, string>,
  screens: {
    people: 'People',
    roles: 'Roles',
    teams: 'Teams',
    sites: 'Sites',
    replies: 'Canned replies',
    visitors: 'Visitors',
    privacy: 'Privacy',
    organisation: 'Organisation',
    keys: 'Keys',
    backups: 'Backups',
    training: 'Training',
    checks: 'Security checks',
    profiles: 'Laws',
    processing: 'Record of processing',
    live: 'Right now',
    alarms: 'Alarms',
    incidents: 'Incidents',
    containment: 'In an emergency',
    ledger: 'The ledger',
  },
  saved: 'Saved.',
  save: 'Save',
  back: 'Back to the list',
  noRight: {
    title: 'This is not yours to change',
    text: 'Your role does not include it. An owner or an admin of your organisation can do it, or can change your role.',
  },
  missing: 'There is no such thing any more. Somebody may have removed it.',
  name: 'Name',
  team: 'Team',
  held: (profiles: string) => `Held by a profile: ${profiles}. Owners turn it off under Laws.`,
  readOnly: 'You can see this, but not change it.',

  sites,
  roles,
  visitors,
  people,
  teams,
  organisation,
  replies,
};
