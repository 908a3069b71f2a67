/** What the checks read of the database: the door to their only look across everybody's tables. */
export { Facts, type PersonFacts, type Sealed } from './facts/store.ts';
