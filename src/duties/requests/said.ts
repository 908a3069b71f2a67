/** What is said in words in a request: sealed under a key that is the request's own, and its visitor's to take along. */
import { type Env, vaultOf } from '../../config.ts';
import type { RequestId, VisitorId } from '../../protocol/ids.ts';
import { bind, type DataKey, keyStore } from '../../vault.ts';
import { type RequestRow, RequestStore, type SaidName, saidNames } from './store.ts';

/** The copy of the key lies with the visitor's own, and goes with them. */
export async function newRequestKey(
  env: Env,
  id: RequestId,
  visitor: VisitorId,
): Promise<{ key: DataKey; record: Uint8Array }> {
  const made = await (await vaultOf(env)).newDataKey(requestKeyPlace(id));
  await keyStore(env.KEYS).put('visitor', `${visitor}/${id}`, made.record);
  return made;
}

export function sealSaid(
  key: DataKey,
  id: RequestId,
  name: SaidName,
  text: string | null,
): Promise<Uint8Array> | null {
  return text === null ? null : key.sealText(place(id, name), text);
}

/** To add to what was said. Null: all of it was erased. */
export async function requestKeyOf(
  env: Env,
  { id, key }: Pick<RequestRow, 'id' | 'key'>,
): Promise<DataKey | null> {
  return key === null ? null : (await vaultOf(env)).dataKey(requestKeyPlace(id), key);
}

export async function openedSaid(
  env: Env,
  row: Pick<RequestRow, 'id' | 'key' | SaidName>,
): Promise<Record<SaidName, string | null>> {
  const key = await requestKeyOf(env, row);
  const open = async (name: SaidName) => {
    const sealed = row[name];
    return key === null || sealed === null ? null : key.openText(place(row.id, name), sealed);
  };
  const [wish, how, extension, answer] = await Promise.all([
    open('wish'),
    open('how'),
    open('extension'),
    open('answer'),
  ]);
  return { wish, how, extension, answer };
}

/** Of whatever this visitor asked nothing that was said can be read any more. */
export function eraseWordsOf(env: Env, visitor: VisitorId): Promise<void> {
  return new RequestStore(env.DB).eraseWords(visitor);
}

function place(id: RequestId, name: SaidName): Uint8Array {
  return bind('sotto/request/1', [id, name]);
}

/** Where each of the columns belongs that lie sealed under a request's key. */
export function requestPlaces(id: RequestId): (readonly [SaidName, Uint8Array])[] {
  return saidNames.map((name) => [name, place(id, name)] as const);
}

/** What the key of a request belongs to. */
export function requestKeyPlace(id: RequestId): Uint8Array {
  return bind('sotto/request-key/1', [id]);
}
