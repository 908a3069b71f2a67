import { fileVectors } from './corpus/files.ts';
import type { Corpus } from './corpus/format.ts';
import { bindVectors, keyringVectors } from './corpus/texts.ts';
import { lookupVectors, pepperedVectors, tokenVectors, valueVectors } from './corpus/values.ts';
import { recordVectors, serviceKeyVectors } from './corpus/wrapped.ts';

/*
 * Makes docs/vectors/envelope.json from fixed keys and nonces. After a change that is meant, write it anew with
 *   npx vitest run --project unit src/vault/corpus.test.ts -u
 */

export async function makeCorpus(): Promise<Corpus> {
  return {
    about: 'Test vectors for docs/ENVELOPE.md. Every key and nonce here is public: use none of them.',
    bind: bindVectors(),
    keyring: keyringVectors(),
    serviceKey: await serviceKeyVectors(),
    record: await recordVectors(),
    value: await valueVectors(),
    peppered: await pepperedVectors(),
    file: await fileVectors(),
    lookup: await lookupVectors(),
    token: await tokenVectors(),
  };
}
