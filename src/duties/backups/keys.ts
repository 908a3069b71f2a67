/**
 * Service keys that were renewed since the last backup: what lies in the store of keys lies under them at once, and no
 * backup has them yet. Each is kept in the bucket of backups, sealed as a part is.
 */
import { type Env, keyringOf } from '../../config.ts';
import { keyTable, openBackup, sealBackup, VaultError } from '../../vault.ts';
import { packed, unpacked } from './lines.ts';

const folder = 'keys/';
type Kept = Record<string, string | number | { b: string }>;

/** Keeps those that are not kept yet. Keys of tokens are not: a restore makes others. */
export async function keepKeys(env: Env): Promise<void> {
  const keyring = await keyringOf(env);
  for (const { wrapped, createdAt, ...key } of await keyTable(env.DB).all()) {
    const name = `${folder}${key.id}`;
    if (key.purpose === 'token' || (await env.BACKUPS.head(name)) !== null) continue;
    const b = wrapped.toBase64({ alphabet: 'base64url', omitPadding: true });
    const row = JSON.stringify({ ...key, wrapped: { b }, created_at: createdAt });
    await env.BACKUPS.put(name, await sealBackup(keyring, name, await packed(row)));
  }
}

/**
 * As rows of the table. One that lies under a root that was taken out of KEYRING since is in a backup by now, under another.
 */
export async function keptKeys(env: Env): Promise<Kept[]> {
  const keyring = await keyringOf(env);
  const { objects } = await env.BACKUPS.list({ prefix: folder });
  const kept = await Promise.all(
    objects.map(async ({ key }): Promise<Kept[]> => {
      const sealed = await (await env.BACKUPS.get(key))?.bytes();
      if (sealed === undefined) return [];
      const packed = await openBackup(keyring, key, sealed).catch((error: unknown) => {
        if (error instanceof VaultError && error.code === 'key_unknown') return undefined;
        throw error;
      });
      return packed === undefined ? [] : [JSON.parse(await unpacked(packed)) as Kept];
    }),
  );
  return kept.flat();
}

/** Lets go of those that were kept before this: a backup that was begun then has them in its table. */
export async function dropKeptKeys(env: Env, before: number): Promise<void> {
  const { objects } = await env.BACKUPS.list({ prefix: folder });
  const old = objects.filter(({ uploaded }) => uploaded.getTime() < before);
  if (old.length > 0) await env.BACKUPS.delete(old.map(({ key }) => key));
}
