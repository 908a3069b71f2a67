/** What is said of what holds for everybody. */

export const words = {
  signIn: 'Sign-in rules',
  intro:
    'These hold for everyone who works here, and for no customer. A change counts at once: whatever is open connects anew.',
  idle: 'Lock after this many minutes',
  idleHint: (least: number, most: number) =>
    `In which nobody does anything on the page, from ${least} to ${most}. A minute before, the page says so.`,
  networks: 'Where staff may work from',
  networksOwners: 'Only owners change it.',
  networksHint:
    'One address or network on each line, like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48. Name those of IPv4 and of IPv6. Empty: from anywhere.',
  here: (address: string) => `You are at ${address} now.`,
  networksMany: (most: number) => `At most ${most} networks.`,
  networksWrong: (text: string) => `“${text}” is neither an address nor a network like 203.0.113.0/24.`,
  budgets: 'How much anybody opens in an hour',
  budgetsIntro:
    'Whoever has opened as many conversations or files within an hour is asked for their second factor before they open more, and whoever watches over them hears of it. A stolen session gets no further than this.',
  budgetsSet: 'Set these budgets',
  budgetsOf: { budgets: 'Conversations', fileBudgets: 'Files' },
  budgetHint: (most: number) => `From 1 to ${most}.`,
};
