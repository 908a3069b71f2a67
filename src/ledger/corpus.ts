import { conversationVectors, detailsVectors } from './corpus/beside.ts';
import { exportVectors } from './corpus/exports.ts';
import type { Corpus } from './corpus/format.ts';
import { leafVectors } from './corpus/leaves.ts';
import { keyVectors, noteVectors } from './corpus/notes.ts';
import { consistencyVectors, inclusionVectors, treeVectors } from './corpus/trees.ts';

/*
 * Makes docs/vectors/ledger.json from fixed keys and nonces. After a change that is meant, write it anew with
 *   npx vitest run --project unit src/ledger/corpus.test.ts -u
 */

export async function makeCorpus(): Promise<Corpus> {
  return {
    about: 'Test vectors for docs/LEDGER.md. Every key and nonce here is public: use none of them.',
    leaf: leafVectors(),
    tree: treeVectors(),
    key: await keyVectors(),
    note: await noteVectors(),
    inclusion: inclusionVectors(),
    consistency: consistencyVectors(),
    details: detailsVectors(),
    conversation: conversationVectors(),
    export: await exportVectors(),
  };
}
