/** What the question for a proof says. */
export const words = {
  title: 'Confirm that it is you',
  counts: 'That then counts for five minutes.',
  recovery: 'Use a recovery code',
};
