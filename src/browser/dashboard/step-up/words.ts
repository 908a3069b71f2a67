/** What the question for a proof says. */
export const words = {
  title: 'Confirm that it is you',
  why: 'What you are about to do needs your second step again. It then counts for five minutes.',
  recovery: 'Use a recovery code',
};
