/** The ledger's outside: its head is kept and sent away once a day, so that somebody else has it. */
export { archivePortion, isArchiveHeld, seeToArchive } from './audit/archive.ts';
export { seeToLedger } from './audit/check.ts';
export { publishHead, seeToWitness, witnessOf, witnessPlace } from './audit/witness.ts';
