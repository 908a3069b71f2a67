/** What the palette and the help sheet say beside the commands themselves. */
import type { Group } from './table.ts';

export const words = {
  palette: 'Commands',
  find: 'Find a command',
  none: 'There is no such command, or it can not be done right now.',
  help: 'Keyboard shortcuts',
  helpHint: 'Keys without Ctrl or Cmd do nothing while you write in a field.',
  singleKeysOff: 'Single-key shortcuts are turned off. You can turn them on in your menu.',
  composer: 'In the box',
  enter: 'Send',
  shiftEnter: 'New line',
  groups: {
    everywhere: 'Everywhere',
    list: 'In the list',
    conversation: 'In a conversation',
    settings: 'Other places',
  } satisfies Record<Group, string>,
  rebuild: 'Rebuild an inbox',
  rebuildText:
    'Every conversation of the team tells the inbox anew where it stands. Nothing is lost and nobody is interrupted; it takes a moment for each hundred conversations.',
  rebuildTeam: 'Team',
  rebuildDo: 'Rebuild',
  rebuildGoes: (told: number) => `${told} conversations so far…`,
  rebuildDone: (told: number) => `Done: ${told} conversations.`,
  rebuildStopped: (told: number) => `Stopped after ${told} conversations.`,
  rebuildNone: 'There is no team yet.',
};
