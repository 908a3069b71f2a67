/** What is proved of a visitor, sealed under a key of their own. */
import { type Env, vaultOf } from '../../config.ts';
import { type Proof, unproved } from '../../protocol/frames.ts';
import type { SiteId, VisitorId } from '../../protocol/ids.ts';
import { bind, type DataKey, keyStore } from '../../vault.ts';
import { type How, type VisitorRow, VisitorStore } from './store.ts';

type Said = { name: string | null; address: string | null };
/** `proof` says who answers for it. */
export type Facts = Said & { proof: Proof };
export const nothingProved = unproved;

export async function factsOf(env: Env, id: VisitorId): Promise<Facts> {
  const row = await new VisitorStore(env.DB).find(id);
  if (row === undefined) return { name: null, address: null, proof: unproved };
  const { name, address } = await opened(row, await keyOf(env, row));
  return {
    name,
    address,
    // A code is mailed to an address, and says nothing of a name.
    proof: { name: name === null ? null : 'site', address: address === null ? null : row.how },
  };
}

/** Keeps what is known of this visitor now, in place of what was known before. */
export async function remember(
  env: Env,
  { id, site, how }: { id: VisitorId; site: SiteId; how: How },
  said: Said,
  now: number,
): Promise<void> {
  const store = new VisitorStore(env.DB);
  const row = (await store.find(id)) ?? (await begun(env, { id, how }, site, now));
  const key = await keyOf(env, row);
  const known = await opened(row, key);
  if (known.name === said.name && known.address === said.address) return;
  // Nothing is sealed before the key has its copy. Of two who begin at once, both keep the one key that was stored.
  await keyStore(env.KEYS).put('visitor', id, row.key);
  const sealed = async (field: keyof Said) =>
    said[field] === null ? null : key.sealText(placeOf(id, field), said[field]);
  await store.setFacts(id, {
    name: await sealed('name'),
    address: await sealed('address'),
    lookup: said.address === null ? null : await (await vaultOf(env)).lookup('visitor-address', said.address),
  });
}

async function begun(
  env: Env,
  { id, how }: Pick<VisitorRow, 'id' | 'how'>,
  site: SiteId,
  now: number,
): Promise<VisitorRow> {
  const { record } = await (await vaultOf(env)).newDataKey(keyPlace(id));
  return new VisitorStore(env.DB).add({ id, how, key: record }, site, now);
}

async function keyOf(env: Env, { id, key }: VisitorRow): Promise<DataKey> {
  return (await vaultOf(env)).dataKey(keyPlace(id), key);
}

async function opened({ id, name, address }: VisitorRow, key: DataKey): Promise<Said> {
  return {
    name: name === null ? null : await key.openText(placeOf(id, 'name'), name),
    address: address === null ? null : await key.openText(placeOf(id, 'address'), address),
  };
}

function placeOf(id: VisitorId, field: keyof Said): Uint8Array {
  return bind('sotto/visitor/1', [id, field]);
}

function keyPlace(id: VisitorId): Uint8Array {
  return bind('sotto/visitor-key/1', [id]);
}
