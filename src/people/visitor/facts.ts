/** What is proved of a visitor, sealed under a key of their own. */
import { type Env, vaultOf } from '../../config.ts';
import { type Proof, unproved } from '../../protocol/frames.ts';
import type { SiteId, VisitorId } from '../../protocol/ids.ts';
import { bind, type DataKey, isSameKey, keyStore } from '../../vault.ts';
import { type How, type VisitorRow, VisitorStore } from './store.ts';

type Said = { name: string | null; address: string | null };
type Of = { id: VisitorId; site: SiteId };
/** `proof` says who answers for it. */
export type Facts = Said & { proof: Proof };
export const nothingProved = unproved;

export async function factsOf(env: Env, id: VisitorId): Promise<Facts> {
  return (await factsAmong(env, [id])).get(id) ?? { name: null, address: null, proof: unproved };
}

/** Of those of these of whom anything is kept, in one query. */
export async function factsAmong(env: Env, ids: readonly VisitorId[]): Promise<Map<VisitorId, Facts>> {
  const facts = async (row: VisitorRow): Promise<[VisitorId, Facts]> => {
    const { name, address } = await opened(row, await keyOf(env, row));
    // A code is mailed to an address, and says nothing of a name.
    const proof = { name: name === null ? null : 'site', address: row.addressBy } as const;
    return [row.id, { name, address, proof }];
  };
  return new Map(await Promise.all((await new VisitorStore(env.DB).among(ids)).map(facts)));
}

/** Keeps what the site says of whom it vouches for, in place of what it said before. */
export async function rememberSaid(env: Env, of: Of, said: Said, now: number): Promise<void> {
  const row = await rowOf(env, of, 'site', now);
  const known = await opened(row, await keyOf(env, row));
  const byCode = row.addressBy === 'code';
  // What they have proved themselves stays where the site names no address.
  const isKnown = byCode ? said.address === null : said.address === known.address;
  if (said.name === known.name && isKnown) return;
  const seal = await sealing(env, row);
  const isKept = await new VisitorStore(env.DB).setSaid(row, {
    name: said.name === null ? null : await seal('name', said.name),
    address: said.address === null ? null : await seal('address', said.address),
    lookup: said.address === null ? null : await lookupOf(env, said.address),
  });
  if (!isKept && (await isSealedAnew(env, row))) await rememberSaid(env, of, said, now);
}

/** Keeps that a code has proved this address. False: it is not theirs, for they have another one. */
export async function rememberProved(env: Env, of: Of, address: string, now: number): Promise<boolean> {
  const row = await rowOf(env, of, 'code', now);
  const known = await opened(row, await keyOf(env, row));
  if (known.address !== null) return known.address === address;
  const sealed = await (await sealing(env, row))('address', address);
  if (await new VisitorStore(env.DB).setProved(row, sealed, await lookupOf(env, address))) return true;
  return (await isSealedAnew(env, row)) && rememberProved(env, of, address, now);
}

/** Whether they have another key by now, under which it is to be done once more. */
async function isSealedAnew(env: Env, { id, key }: VisitorRow): Promise<boolean> {
  const now = await new VisitorStore(env.DB).find(id);
  return now !== undefined && !isSameKey(now.key, key);
}

/** The keyed hash by which those who have this address are found. */
export async function lookupOf(env: Env, address: string): Promise<Uint8Array> {
  return (await vaultOf(env)).lookup('visitor-address', address);
}

/** @param how who answers for whoever is not known yet */
async function rowOf(env: Env, { id, site }: Of, how: How, now: number): Promise<VisitorRow> {
  const store = new VisitorStore(env.DB);
  const known = await store.find(id);
  if (known !== undefined) return known;
  const { record } = await (await vaultOf(env)).newDataKey(visitorKeyPlace(id));
  return store.add({ id, how, key: record }, site, now);
}

/** Nothing is sealed before the key has its copy. Of two who begin at once, both keep the one key that was stored. */
async function sealing(env: Env, row: VisitorRow) {
  await keyStore(env.KEYS).put('visitor', row.id, row.key);
  const key = await keyOf(env, row);
  return (field: keyof Said, text: string) => key.sealText(placeOf(row.id, field), text);
}

async function keyOf(env: Env, { id, key }: VisitorRow): Promise<DataKey> {
  return (await vaultOf(env)).dataKey(visitorKeyPlace(id), key);
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

/** Where each of the columns belongs that lie sealed under a visitor's key. */
export function visitorPlaces(id: VisitorId): (readonly [keyof Said, Uint8Array])[] {
  return (['name', 'address'] as const).map((field) => [field, placeOf(id, field)] as const);
}

export function visitorKeyPlace(id: VisitorId): Uint8Array {
  return bind('sotto/visitor-key/1', [id]);
}
