/**
 * Bans: who may not write for a while. They are asked for at each request of a visitor and at each socket, and end by
 * themselves. Of whom and why lies sealed; they are found by keyed hashes, so that no list of networks is kept.
 */
import { type Env, vaultOf } from '../config.ts';
import type { Ban, BanKind } from '../protocol/bans.ts';
import { type BanId, newId, type TeamId, type VisitorId } from '../protocol/ids.ts';
import { networkFrom } from '../protocol/networks.ts';
import { Refusal } from '../protocol/refusals.ts';
import { bind, type DataKey, keyStore } from '../vault.ts';
import type { Staff } from './permission.ts';
import { type BanRow, BanStore } from './bans/store.ts';

/** What is banned, by its keyed hash; `target` is what it is, where that is known and may be shown. */
export type Banned = { kind: BanKind; lookup: Uint8Array; target: string | null };

/** The network that a ban is for: the first 24 bits of an IPv4 address, the first 48 of an IPv6; undefined for none. */
export function networkPrefix(address: string): string | undefined {
  return networkFrom(`${address}/${address.includes(':') ? 48 : 24}`);
}

/** The keyed hash of the network that a request comes from, in hexadecimal; null where that is not known. */
export async function networkOfRequest(env: Env, request: Request): Promise<string | null> {
  const prefix = networkPrefix(request.headers.get('cf-connecting-ip') ?? '');
  return prefix === undefined ? null : (await bannedNetwork(env, prefix)).lookup.toHex();
}

export async function bannedVisitor(env: Env, id: VisitorId): Promise<Banned> {
  return { kind: 'visitor', lookup: await (await vaultOf(env)).lookup('banned visitor', id), target: null };
}

export async function bannedAddress(env: Env, address: string): Promise<Banned> {
  return {
    kind: 'address',
    lookup: await (await vaultOf(env)).lookup('visitor-address', address),
    target: address,
  };
}

export async function bannedNetwork(env: Env, prefix: string): Promise<Banned> {
  return {
    kind: 'network',
    lookup: await (await vaultOf(env)).lookup('banned network', prefix),
    target: prefix,
  };
}

/** May this visitor not write now, on their own account or for where they write from? */
export async function isBanned(
  env: Env,
  visitor: VisitorId,
  network: string | null,
  now: number,
): Promise<boolean> {
  const { lookup } = await bannedVisitor(env, visitor);
  const hashes = network === null ? [lookup] : [lookup, Uint8Array.fromHex(network)];
  return new BanStore(env.DB).holds(hashes, visitor, now);
}

/** Those of these visitors who are banned themselves. */
export async function bannedAmong(
  env: Env,
  visitors: readonly VisitorId[],
  now: number,
): Promise<Set<VisitorId>> {
  const hashes = new Map<string, VisitorId>();
  for (const id of visitors) hashes.set((await bannedVisitor(env, id)).lookup.toHex(), id);
  const banned = await new BanStore(env.DB).among([...hashes.keys()], now);
  return new Set(banned.flatMap((hash) => hashes.get(hash) ?? []));
}

/** @param team whose conversation it comes from; null for one of nobody in particular. @throws {Refusal} no_room */
export async function addBan(
  env: Env,
  by: Staff,
  { kind, lookup, target }: Banned,
  { reason, lasts, team }: { reason: string; lasts: number; team: TeamId | null },
  now: number,
): Promise<Ban> {
  const id = newId('ban');
  const { key, record } = await (await vaultOf(env)).newDataKey(banKeyPlace(id));
  const row: BanRow = {
    ...{ id, kind, team, key: record, by: by.id, at: now, until: now + lasts },
    target: target === null ? null : await key.sealText(fieldPlace(id, 'target'), target),
    reason: await key.sealText(fieldPlace(id, 'reason'), reason),
  };
  // A restore finds the key of every ban that stands.
  await keyStore(env.KEYS).put('ban', id, record);
  const { isAdded, gone } = await new BanStore(env.DB).add(row, lookup);
  await forgetKeys(env, isAdded ? gone : [...gone, id]);
  if (!isAdded) throw new Refusal('no_room');
  return viewOf(row, key);
}

/** Those that are in force, the newest first. */
export async function listBans(env: Env, now: number): Promise<Ban[]> {
  const rows = await new BanStore(env.DB).list(now);
  return Promise.all(rows.map(async (row) => viewOf(row, await keyOf(env, row))));
}

/** The ban that is in force for this. */
export async function banOn(
  env: Env,
  { lookup }: Banned,
  now: number,
): Promise<Pick<BanRow, 'id' | 'team' | 'at' | 'until'> | undefined> {
  return new BanStore(env.DB).on(lookup, now);
}

export async function banOf(env: Env, id: BanId): Promise<Pick<BanRow, 'id' | 'team'> | undefined> {
  return new BanStore(env.DB).find(id);
}

export async function liftBan(env: Env, id: BanId): Promise<void> {
  await forgetKeys(env, [id]);
  await new BanStore(env.DB).drop(id);
}

/** Bans of this visitor, and of the address that they have proved, with who was meant and why. */
export async function eraseBans(env: Env, visitor: VisitorId, address: Uint8Array | null): Promise<void> {
  const store = new BanStore(env.DB);
  const own = (await bannedVisitor(env, visitor)).lookup;
  for (const lookup of address === null ? [own] : [own, address]) {
    await forgetKeys(env, await store.idsOf(lookup));
    await store.erase(lookup);
  }
}

async function forgetKeys(env: Env, ids: readonly BanId[]): Promise<void> {
  for (const id of ids) await keyStore(env.KEYS).delete('ban', id);
}

async function viewOf({ id, kind, target, reason, team, by, at, until }: BanRow, key: DataKey): Promise<Ban> {
  return {
    ...{ id, kind, team, by, at, until },
    target: target === null ? null : await key.openText(fieldPlace(id, 'target'), target),
    reason: await key.openText(fieldPlace(id, 'reason'), reason),
  };
}

async function keyOf(env: Env, { id, key }: BanRow): Promise<DataKey> {
  return (await vaultOf(env)).dataKey(banKeyPlace(id), key);
}

function fieldPlace(id: BanId, field: 'target' | 'reason'): Uint8Array {
  return bind('sotto/ban/1', [id, field]);
}

/** Where each of the columns belongs that lie sealed under a ban's key. */
export function banPlaces(id: BanId): (readonly ['target' | 'reason', Uint8Array])[] {
  return (['target', 'reason'] as const).map((field) => [field, fieldPlace(id, field)] as const);
}

export function banKeyPlace(id: BanId): Uint8Array {
  return bind('sotto/ban-key/1', [id]);
}
