/**
 * Where copies lie, and for how long. A copy's key lies in the store of keys alone, where no backup and no older state of
 * the database has it: it goes first, and with it all that lies anywhere.
 */
import { deleteFilesOf, filePlace, StoredFile } from '../../chat/files.ts';
import { type Env, vaultOf } from '../../config.ts';
import { type CopyId, newId, type PersonId, type SiteId, type VisitorId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { bind, type FileKey, type FileManifest, keyStore, type PgpKey, type Vault } from '../../vault.ts';
import { beginRun, runOf } from '../runs.ts';
import { type CopyRow, CopyStore } from './store.ts';

type Wish = {
  visitor: VisitorId;
  site: SiteId;
  asker: VisitorId | PersonId;
  backstage: boolean;
  /** The OpenPGP key that it is handed out under. */
  pgp?: PgpKey | null;
};
/** A copy as it can be told of. `done`: how many messages, files and entries are in it so far. */
export type Copy = Pick<
  CopyRow,
  'id' | 'visitor' | 'site' | 'asker' | 'backstage' | 'askedAt' | 'handedAt'
> & {
  state: 'making' | 'ready';
  done: number;
  until: number;
  openpgp: boolean;
};
type Named = Pick<CopyRow, 'id' | 'visitor'>;

/** Of one person, for one asker within a day, whatever keys they are under. */
const mostMade = 3;

/**
 * Has it made. Whoever asks again within a day is given the same one.
 * @throws {Refusal} too_fast: they had too many others made
 */
export async function beginCopy(env: Env, wish: Wish, now: number): Promise<Copy> {
  const id = newId('copy');
  const vault = await vaultOf(env);
  const keys = keyStore(env.KEYS);
  const { record } = await vault.newFileKey(filePlace(wish.visitor, id));
  await keys.put('copy', keyName({ ...wish, id }), record);
  const sealed = await sealedTo({ ...wish, id }, wish.pgp ?? null, vault, record);
  const copy = { ...wish, ...sealed, id, askedAt: now };
  const row = await new CopyStore(env.DB).add(copy, now - lifetimes.copyAgain, mostMade);
  if (row?.id !== id) await keys.delete('copy', keyName({ ...wish, id }));
  if (row === undefined) throw new Refusal('too_fast', `There are ${mostMade} of today. Ask again tomorrow.`);
  await beginRun(env, 'copy', row.id, now);
  return told(env, row, now);
}

async function sealedTo(copy: Named, pgp: PgpKey | null, vault: Vault, record: Uint8Array) {
  if (pgp === null) return { pgp: null, pgpLookup: null };
  const key = await vault.fileKey(filePlace(copy.visitor, copy.id), record);
  return {
    pgp: await key.sealText(pgpPlace(copy), pgp.armoured),
    pgpLookup: await vault.lookup('copy-pgp', pgp.fingerprint),
  };
}

/** Undefined: there is none, or its time is over. */
export async function copyOf(env: Env, id: CopyId, now: number): Promise<Copy | undefined> {
  const row = await new CopyStore(env.DB).find(id);
  return row === undefined || untilOf(row) <= now ? undefined : told(env, row, now);
}

/** What this asker may open of somebody's, the newest first. */
export async function copiesFor(
  env: Env,
  asker: VisitorId | PersonId,
  visitor: VisitorId,
  now: number,
): Promise<Copy[]> {
  const rows = await new CopyStore(env.DB).for(asker, visitor, mostListed);
  return Promise.all(rows.filter((row) => untilOf(row) > now).map((row) => told(env, row, now)));
}

/** Whoever asked for it opens it, and its person what was handed to them. */
export function mayOpen(copy: Copy, asker: VisitorId | PersonId): boolean {
  return copy.asker === asker || (copy.visitor === asker && copy.handedAt !== null);
}

async function told(env: Env, row: CopyRow, now: number): Promise<Copy> {
  const run = await runOf(env, row.id, now);
  const { id, visitor, site, asker, backstage, askedAt, handedAt, manifest, pgp } = row;
  const about = { id, visitor, site, asker, backstage, askedAt, handedAt };
  const state = manifest === null ? 'making' : 'ready';
  return { ...about, state, done: run?.done ?? 0, until: untilOf(row), openpgp: pgp !== null };
}

/** Undefined: it is gone. */
export async function keyOf(env: Env, copy: Named): Promise<FileKey | undefined> {
  const record = await keyStore(env.KEYS).get('copy', keyName(copy));
  return record && (await vaultOf(env)).fileKey(filePlace(copy.visitor, copy.id), record);
}

export function storedCopy(env: Env, { visitor, id }: Named): StoredFile {
  return new StoredFile(env.COPIES, visitor, id);
}

type Made = { key: FileKey; manifest: FileManifest; stored: StoredFile; pgp: string | null };

/** What it takes to hand out a copy that is made; undefined: it is not, or it is gone. */
export async function madeCopy(env: Env, id: CopyId): Promise<Made | undefined> {
  const row = await new CopyStore(env.DB).find(id);
  if (row === undefined || row.manifest === null) return undefined;
  const key = await keyOf(env, row);
  if (key === undefined) return undefined;
  const pgp = row.pgp && (await key.openText(pgpPlace(row), row.pgp));
  return { key, manifest: await key.openManifest(row.manifest), stored: storedCopy(env, row), pgp };
}

/** Whatever copies there are of somebody: nothing of them is left. */
export async function forgetCopiesOf(env: Env, visitor: VisitorId): Promise<void> {
  await keyStore(env.KEYS).deleteAll('copy', visitor);
  await new CopyStore(env.DB).dropAllOf(visitor);
  await deleteFilesOf(env.COPIES, visitor);
}

const sweptAtOnce = 100;
const mostListed = 10;

/** Those whose time is over go, and what somebody who was cut off, or too slow, has left of others. Once a day. */
export async function sweepCopies(env: Env, now: number): Promise<void> {
  const store = new CopyStore(env.DB);
  for (let old: Named[]; (old = await store.olderThan(now - lifetimes.copy, sweptAtOnce)).length > 0;)
    for (const copy of old) {
      await keyStore(env.KEYS).delete('copy', keyName(copy));
      await store.drop(copy.id);
      await storedCopy(env, copy).deleteAllBut([]);
    }
  for (let cursor: string | undefined; ;) {
    const page = await env.COPIES.list(cursor === undefined ? {} : { cursor });
    const old = page.objects.filter(({ uploaded }) => uploaded.getTime() <= now - lifetimes.copy);
    const kept = await store.among(old.map(copyOfPart));
    const left = old.filter((part) => !kept.has(copyOfPart(part)));
    if (left.length > 0) await env.COPIES.delete(left.map(({ key }) => key));
    if (!page.truncated) return;
    cursor = page.cursor;
  }
}

/** Whoever is handed one has as long for it as whoever asks. */
function untilOf({ askedAt, handedAt }: Pick<CopyRow, 'askedAt' | 'handedAt'>): number {
  return (handedAt ?? askedAt) + lifetimes.copy;
}

/** As it stands in the key of what it lies in: `{visitor}/{copy}/{part}/{attempt}`. */
function copyOfPart({ key }: Pick<R2Object, 'key'>): string {
  return key.split('/')[1] ?? '';
}

function pgpPlace({ visitor, id }: Named): Uint8Array {
  return bind('sotto/copy-pgp/1', [visitor, id]);
}

function keyName({ visitor, id }: Named): string {
  return `${visitor}/${id}`;
}
