/** What is said of teams. */

export const words = {
  intro: 'A team shares one inbox. Its members see its conversations.',
  none: 'There is no team yet.',
  create: 'New team',
  createAction: 'Create the team',
  members: 'Members',
  nobody: 'There is nobody to choose from.',
  membersHint: 'A change counts at once, also for whoever is signed in.',
  count: (number: number) => (number === 1 ? '1 member' : `${number} members`),
  states: { invited: 'invited', active: '', disabled: 'disabled' },
};
