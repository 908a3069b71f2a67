/** Texts to try masking on: in which it is known what is sensitive, in which nothing is, and the slowest that we know of. */
export { sensitive } from './masking-texts/corpus.ts';
export { everyday } from './masking-texts/everyday.ts';
export { hostile } from './masking-texts/hostile.ts';
