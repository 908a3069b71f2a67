/** A backup's end: its manifest is signed, and then everything that it names is read once more, as it lies there. */
import { configOf, type Env, keyringOf } from '../../config.ts';
import { idOf, ledgerOf } from '../../ledger.ts';
import {
  checkPart,
  listOf,
  manifestHash,
  manifestName,
  partsName,
  partsRoot,
  readList,
  writeManifest,
} from '../../protocol/backup-proof.ts';
import { backupKey } from '../../vault.ts';
import { watchOf } from '../alarms.ts';
import { dropKeptKeys } from './keys.ts';
import type { Making, Place, Step } from './steps.ts';

const checkedAtOnce = 200;
const checkedBytes = 64 * 1024 * 1024;

/** Whose backups they are, and the key that signs them today. */
export async function signerOf(env: Env): Promise<{ name: string } & Awaited<ReturnType<typeof backupKey>>> {
  return { name: `${new URL(configOf(env).origin).host}/backup`, ...(await backupKey(await keyringOf(env))) };
}

/** Doing it again writes the same: all that it says is entered. */
export async function close({ env, store, shelf, backup }: Making, place: Place): Promise<Step> {
  const { number, isFull, begunAt, pgp } = backup;
  const parts = [...(await store.parts(number)), ...(await store.copies(backup))];
  const before = (await store.all()).find((each) => each.number === backup.previous);
  const ledger = Number(place.after);
  const { name, publicKey, privateKey } = await signerOf(env);
  const note = await writeManifest(
    {
      origin: name,
      ...{ number, at: begunAt, full: isFull, ledger, parts: parts.length, root: partsRoot(parts) },
      previous: before === undefined ? null : { number: before.number, hash: before.hash ?? '' },
      ...(pgp !== null && { openpgp: pgp }),
    },
    publicKey,
    (bytes) => crypto.subtle.sign('Ed25519', privateKey, bytes),
  );
  await shelf.putText(partsName(number), listOf(parts));
  await shelf.putText(manifestName(number), note);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  await store.close(number, { ledger, parts: parts.length, bytes, hash: manifestHash(note) });
  return { next: { ...place, stage: 'check', after: '0' }, done: 0 };
}

export async function check({ env, store, shelf, backup }: Making, place: Place): Promise<Step> {
  const { number, hash } = backup;
  const [list, note] = [await shelf.read(partsName(number)), await shelf.read(manifestName(number))];
  const parts = readList(new TextDecoder().decode(list));
  let wrong: string | null = null;
  if (note === undefined || manifestHash(new TextDecoder().decode(note)) !== hash)
    wrong = `${manifestName(number)} is not what was signed`;
  let [at, bytes] = [Number(place.after), 0];
  const upTo = Math.min(at + checkedAtOnce, parts.length);
  for (; at < upTo && bytes < checkedBytes && wrong === null; at++) {
    const part = parts[at];
    const what = part === undefined ? 'is not a part' : await checkPart(shelf, part);
    if (what !== null) wrong = `${part?.name ?? partsName(number)} ${what}`;
    bytes += part?.bytes ?? 0;
  }
  if (wrong === null && at < parts.length) return { next: { ...place, after: String(at) }, done: 0 };
  await end({ env, store, backup }, wrong);
  return { next: { ...place, stage: 'tidy', after: '' }, done: 0 };
}

/** @param wrong why it is of no use; null: it is whole */
export async function end(
  { env, store, backup }: Pick<Making, 'env' | 'store' | 'backup'>,
  wrong: string | null,
): Promise<void> {
  await tell({ env, backup }, wrong);
  await store.finish(backup.number, wrong, Date.now());
  if (wrong === null) await dropKeptKeys(env, backup.begunAt);
}

/** The ledger has of each backup what its manifest is known by, and an alarm is raised where it is of no use. */
async function tell({ env, backup }: Pick<Making, 'env' | 'backup'>, wrong: string | null): Promise<void> {
  const { number, isFull, parts, bytes, hash, pgp } = backup;
  const facts = { number, isFull, parts, bytes, pgp, manifest: hash, isWhole: wrong === null };
  const once = idOf('backup.make', number, hash ?? '');
  const told = { actor: null, action: 'backup.make', outcome: wrong === null ? 'done' : 'failed' } as const;
  await ledgerOf(env).append([{ id: once, at: Date.now(), ...told, facts }]);
  if (wrong !== null)
    await watchOf(env).raise({
      rule: 'backup.broken',
      about: null,
      facts: { what: `Backup ${number}: ${wrong}` },
    });
}
