/**
 * A copy of everything that is kept about a person, for that person or whoever answers them: one zip, made portion by
 * portion, which lies sealed in a bucket of its own for a week (docs/PRIVACY.md).
 */
export { beginCopy, type Copy, copiesFor, copyOf, forgetCopiesOf, sweepCopies } from './copies/keeping.ts';
export { copyPortion } from './copies/portion.ts';
