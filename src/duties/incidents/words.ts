/** What is said in words in an incident: sealed under a key that is the incident's own. */
import { type Env, vaultOf } from '../../config.ts';
import type { IncidentId } from '../../protocol/ids.ts';
import { bind, type DataKey, keyStore } from '../../vault.ts';

/** What an incident says, and for what there can be several of, which one. */
type Word = 'title' | 'review' | `note/${string}` | `task/${string}` | `clock/${string}`;

/** Seals and opens what one incident says. */
export class Words {
  readonly #id: IncidentId;
  readonly #key: DataKey;

  constructor(id: IncidentId, key: DataKey) {
    this.#id = id;
    this.#key = key;
  }

  seal(word: Word, text: string): Promise<Uint8Array> {
    return this.#key.sealText(wordPlace(this.#id, word), text);
  }

  open(word: Word, sealed: Uint8Array): Promise<string> {
    return this.#key.openText(wordPlace(this.#id, word), sealed);
  }
}

/** What one thing that is said in an incident belongs to. */
export function wordPlace(id: IncidentId, word: Word): Uint8Array {
  return bind('sotto/incident/1', [id, word]);
}

/** With the record of its key, a copy of which lies in the store of keys. */
export async function newWords(env: Env, id: IncidentId): Promise<{ words: Words; record: Uint8Array }> {
  const { key, record } = await (await vaultOf(env)).newDataKey(incidentKeyPlace(id));
  await keyStore(env.KEYS).put('incident', id, record);
  return { words: new Words(id, key), record };
}

export async function wordsOf(env: Env, { id, key }: { id: IncidentId; key: Uint8Array }): Promise<Words> {
  return new Words(id, await (await vaultOf(env)).dataKey(incidentKeyPlace(id), key));
}

/** What the key of an incident belongs to. */
export function incidentKeyPlace(id: IncidentId): Uint8Array {
  return bind('sotto/incident-key/1', [id]);
}
