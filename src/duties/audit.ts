/** The ledger's outside: its head is kept and sent away once a day, so that somebody else has it. */
export { publishHead } from './audit/witness.ts';
