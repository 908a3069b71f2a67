/** What is said of roles. */
import type { Action } from '../../../../protocol/permissions.ts';
import type { Reach } from '../../../../protocol/reach.ts';

/** What a permission is about: what stands before its dot. */
export type Group = Action extends `${infer Name}.${string}` ? Name : never;

export const words = {
  intro:
    'What each role lets people do. Nobody can give a role that lets do more than their own, and what changes counts at once.',
  create: 'New role',
  createAction: 'Create the role',
  createHow: 'A set of permissions with a name, for what the roles that are built in do not fit.',
  beginWith: 'Begin with',
  beginHint: 'Its permissions are taken over into the form below, to be changed.',
  builtIn: 'This role is built in and can’t be changed. A new role can begin with it.',
  own: 'This is your own role, which nobody changes themselves.',
  above: 'This role lets do more than yours, so that you can’t change it.',
  matrix: 'Permissions of every role',
  permission: 'Permission',
  reaches: {
    all: 'Everywhere',
    team: 'Own teams',
    waiting: 'Own and waiting',
    own: 'Own',
  } satisfies Record<Reach, string>,
  reachesShort: { all: 'all', team: 'teams', waiting: 'own, waiting', own: 'own' } satisfies Record<
    Reach,
    string
  >,
  no: 'No',
  legend:
    'All: everywhere. Teams: in one’s own teams. Own, waiting: what one has claimed, and what waits in one’s teams. Own: only what one has claimed or written.',
  groups: {
    conversation: 'Conversations',
    file: 'Files',
    customer: 'Customers',
    visitor: 'Visitors',
    privacy: 'Privacy',
    message: 'Messages',
    replies: 'Canned replies',
    inbox: 'Inboxes',
    people: 'People',
    owners: 'Owners',
    roles: 'Roles',
    teams: 'Teams',
    sites: 'Sites',
    organisation: 'Organisation',
    keys: 'Keys',
    backup: 'Backups',
    training: 'Training',
    live: 'Right now',
    alarms: 'Alarms',
    incident: 'Incidents',
    checks: 'Security checks',
    ledger: 'The ledger',
  } satisfies Record<Group, string>,
  seeAs: 'See Sotto as this role',
  seeAsHow:
    'Everything is shown as somebody with this role would see it in your teams, until you go back or reload the page.',
  remove: 'Remove this role',
  removeAsk: (name: string) => ({
    title: `Remove the role “${name}”?`,
    text: 'Nobody can be given it any more.',
    yes: 'Remove',
  }),
  nobody: 'It is removed once nobody has it.',
};
