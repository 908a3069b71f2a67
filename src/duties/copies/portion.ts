/**
 * Making a copy: as much of the zip at a time as a portion bears, into parts that nothing points at until its row says
 * so. A portion that is cut off leaves such parts behind, which go with the last one, and is done again.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { conversationAfter } from '../../chat/directory.ts';
import { siteOf } from '../../chat/sites.ts';
import { configOf, type Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { bannedVisitor, banOn } from '../../people/bans.ts';
import { restrictionOf } from '../../people/restrictions.ts';
import { factsOfVisitor, seenVisitor } from '../../people/visitor.ts';
import { isId } from '../../protocol/ids.ts';
import { bind, type FileKey, type FilePart, fromBase64url, toBase64url } from '../../vault.ts';
import type { Portion } from '../runs.ts';
import { keyOf, storedCopy } from './keeping.ts';
import { copyFormat } from './data.ts';
import { beginning, type Cursor, type Draft, piecesFrom, UnreadableFile, whomOf } from './pieces.ts';
import { type CopyRow, CopyStore } from './store.ts';
import type { About } from './talk.ts';
import { emptyZip, Zip, type ZipState } from './zip.ts';

type Progress = Draft & {
  format: typeof copyFormat;
  about: About;
  cursor: Cursor;
  zip: ZipState;
  parts: readonly FilePart[];
};
/** What a portion came to; `progress` null: the zip is whole. */
type Sitting = {
  progress: Progress | null;
  parts: readonly FilePart[];
  made: readonly FilePart[];
  done: number;
};

/** What a portion bears, in bytes; a piece costs a few requests too, and counts as so many more. */
const enough = 64 * 1024 * 1024;
const costOfPiece = 512 * 1024;

/** @param bears how much of it is one portion */
export async function copyPortion(
  env: Env,
  id: string,
  place: string | null,
  bears = enough,
): ReturnType<Portion> {
  const store = new CopyStore(env.DB);
  const copy = isId('copy', id) ? await store.find(id) : undefined;
  const key = copy && (await keyOf(env, copy));
  if (copy === undefined || key === undefined || copy.manifest !== null) return { place: null, done: 0 };
  // It was kept that this portion is done, and not that the next one begins.
  if (String(copy.step) !== (place ?? '0')) return { place: String(copy.step), done: 0 };
  const { progress, parts, made, done } = await sit(env, copy, key, bears);
  const kept = await store.move(copy, {
    progress: progress && (await sealed(key, { ...copy, step: copy.step + 1 }, progress)),
    manifest: progress === null ? await key.sealManifest(parts, lengthOf(parts)) : null,
  });
  if (!kept) {
    const number = parts.length - made.length;
    for (const [n, part] of made.entries()) await storedCopy(env, copy).deleteAttempt(number + n, part);
    const now = await store.find(copy.id);
    return { place: now === undefined || now.manifest !== null ? null : String(now.step), done: 0 };
  }
  if (progress !== null) return { place: String(copy.step + 1), done };
  await storedCopy(env, copy).deleteAllBut(parts);
  return { place: null, done };
}

async function sit(env: Env, copy: CopyRow, key: FileKey, bears: number): Promise<Sitting> {
  const kept = copy.progress === null ? undefined : await opened(key, copy, copy.progress);
  // What was begun in another form, before a deployment, is begun anew.
  const before = kept?.format === copyFormat ? kept : await begun(env, copy);
  const draft: Draft = { taken: { ...before.taken }, left: { ...before.left }, bytes: before.bytes };
  const source = { env, copy, about: before.about, draft, whom: whomOf(env, copy) };
  const zip = new Zip(before.zip, copy.askedAt);
  let next = before.cursor as Cursor | null;
  let done = 0;
  async function* portion(): AsyncGenerator<Uint8Array> {
    let spent = 0;
    for await (const piece of piecesFrom(source, before.cursor)) {
      const { write } = piece;
      if (write !== undefined) yield zip.add(write.name, write.bytes, write.effort);
      spent += write?.bytes.length ?? 0;
      if (piece.next === undefined) continue;
      next = piece.next;
      done += piece.done;
      spent += costOfPiece;
      if (spent >= bears && next !== null) return;
    }
    yield zip.end();
  }
  try {
    const made = await storedCopy(env, copy).putAll(key, portion(), before.parts.length);
    const parts = [...before.parts, ...made];
    const progress = next && { ...before, ...draft, cursor: next, zip: zip.state, parts };
    return { progress, parts, made, done };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    logFault('copy.file', error);
    // Nothing of this portion counts but that: the next one does without the file.
    const progress: Progress = { ...before, left: { ...before.left, [error.file]: 'unreadable' } };
    return { progress, parts: before.parts, made: [], done: 0 };
  }
}

async function begun(env: Env, copy: CopyRow): Promise<Progress> {
  const nothing = { taken: {}, left: {}, bytes: 0, cursor: beginning, zip: emptyZip, parts: [] };
  return { ...nothing, format: copyFormat, about: await aboutOf(env, copy) };
}

async function aboutOf(env: Env, { visitor, site, backstage, askedAt }: CopyRow): Promise<About> {
  const { name, address, proof } = await factsOfVisitor(env, visitor);
  const seen = await seenVisitor(env, visitor);
  const ban = await banOn(env, await bannedVisitor(env, visitor), askedAt);
  const first = await conversationAfter(env, visitor, null, askedAt);
  const talk = first && (await conversationOf(env, first.id).toCopy(visitor));
  return {
    at: askedAt,
    origin: configOf(env).origin,
    site: { id: site, name: (await siteOf(env, site))?.name ?? site },
    person: {
      ...{ id: visitor, name, address, proof },
      ...{ since: seen?.since ?? null, seenAt: seen?.seenAt ?? null },
      ban: ban === undefined ? null : { at: ban.at, until: ban.until },
      restrictedSince: (await restrictionOf(env, visitor))?.since ?? null,
    },
    backstage,
    language: talk?.view.staff?.customer.language ?? null,
  };
}

/** As JSON has it, where bytes are text. */
type Written = Omit<Progress, 'parts'> & { parts: (Omit<FilePart, 'header'> & { header: string })[] };

async function sealed(key: FileKey, copy: CopyRow, progress: Progress): Promise<Uint8Array> {
  const parts = progress.parts.map((part) => ({ ...part, header: toBase64url(part.header) }));
  const written: Written = { ...progress, parts };
  return key.sealText(progressPlace(copy), JSON.stringify(written));
}

async function opened(key: FileKey, copy: CopyRow, progress: Uint8Array): Promise<Progress> {
  const written = JSON.parse(await key.openText(progressPlace(copy), progress)) as Written;
  const parts = written.parts.map((part) => ({
    ...part,
    header: fromBase64url(part.header) ?? new Uint8Array(),
  }));
  return { ...written, parts };
}

/** Each step's is its own: none can be put into another's place. */
function progressPlace({ id, visitor, step }: CopyRow): Uint8Array {
  return bind('sotto/copy/1', [visitor, id, step]);
}

function lengthOf(parts: readonly FilePart[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
