/**
 * What a conversation does with its files: who may send, see and release them, and what becomes of them with time. Their
 * bytes never come through here, but to be scanned.
 */
import type { Env } from '../../config.ts';
import { idOf } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import { type Asker, may } from '../../people/permission.ts';
import { enter } from '../../people/recording.ts';
import type { FileRules } from '../../protocol/bodies.ts';
import type { FilesAnswer } from '../../protocol/file-bodies.ts';
import type { FileView, Message } from '../../protocol/frames.ts';
import type { FileId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import type { Answer } from '../../protocol/refusals.ts';
import { type FilePart, isSameKey, keyStore } from '../../vault.ts';
import {
  closed,
  StoredFile,
  type FileRow,
  goneFrom,
  partBytesOf,
  partsOf,
  roomFor,
  scanAgainAfter,
  scanFile,
  isPassing,
  isScanned,
  type Scanned,
  stateAfter,
  coversOf,
  type Finished,
} from '../files.ts';
import { registerFileOver } from '../directory.ts';
import type { Alarm } from './alarm.ts';
import type { Announcing } from './announcing.ts';
import type { About, FileBook } from './file-book.ts';
import { Draft } from './posts.ts';
import { sealedFileAnew } from './renewing.ts';
import type { Room } from './room.ts';
import { authorOf, lacking, type No, watches, watching } from './rules.ts';

const day = 86_400_000;

/** A file that somebody begins to send, as its sender says it is, and what its site asks of files. */
export type UploadWish = {
  file: FileId;
  message: string;
  name: string;
  bytes: number;
  saysSensitive: boolean;
  rules: FileRules;
};
/** An upload as whoever brings its bytes needs it. `sent`: it has been finished before. */
export type Upload = Pick<FileRow, 'record' | 'bytes' | 'parts'> & { about: About; sent: Message | null };
/** The message that a file is, and whether it was said just now. */
export type Sent = { message: Message; isNews: boolean };
/** Which parts have arrived, and the attempt at one of them that is not needed any more. */
export type StoredPart = { stored: number[]; former: FilePart | null };
/** What it takes to read a file's bytes. */
export type Readable = Pick<FileRow, 'record' | 'manifest' | 'bytes'> & { about: About };

/** Waits for a turn, so that nothing else changes the conversation meanwhile. */
type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

export class Files {
  readonly #env: Env;
  readonly #room: Room;
  readonly #book: FileBook;
  readonly #announcing: Announcing;
  readonly #alarm: Alarm;
  /** A scan deletes what its file is not made of, and a file that is sealed anew is not made of its new parts yet. */
  readonly #scanning = new Set<FileId>();
  readonly #renewing = new Set<FileId>();

  constructor(env: Env, parts: { room: Room; announcing: Announcing; alarm: Alarm }) {
    this.#env = env;
    this.#room = parts.room;
    this.#book = parts.room.files;
    this.#announcing = parts.announcing;
    this.#alarm = parts.alarm;
  }

  // On its way in. Callers take turns. -------------------------------------------------------------------------

  /** Begins an upload, or says where the same one stands. */
  async begin(asker: Asker, wish: UploadWish, now: number): Promise<Answer<Upload>> {
    const { file: id, message, bytes, rules } = wish;
    const begun = await this.upload(asker, id);
    if ('done' in begun) {
      const { sent, about } = begun.done;
      const isSame = sent !== null || (begun.done.bytes === bytes && about.name === wish.name);
      return isSame ? begun : { refused: 'id_reused' };
    }
    const refused = this.#sending(asker) ?? roomFor(bytes, rules, this.#book.rows());
    if (refused !== undefined) return refused;
    const sensitive = coversOf([], wish.saysSensitive, rules);
    const about = { ...nothingKnown, name: wish.name, sensitive };
    const { key, record } = await this.#book.newKey(id);
    const row: FileRow = {
      ...{ id, message, seq: null, from: authorOf(asker), at: now, state: 'uploading', end: null, bytes },
      ...{ until: now + lifetimes.upload, record, about: await this.#book.sealedAbout(key, id, about) },
      ...{ manifest: new Uint8Array(), parts: Array.from({ length: partsOf(bytes) }, () => null) },
      ...{ failures: 0, scanAt: null, swept: false },
    };
    this.#keep(row);
    return { done: { record, bytes, parts: row.parts, about, sent: null } };
  }

  /** Where an upload of theirs stands. Nobody goes on with one where they could not send it; what was sent they hear. */
  async upload(asker: Asker, id: FileId): Promise<Answer<Upload>> {
    const row = this.#ownUpload(asker, id);
    if (row === undefined) return { refused: 'not_found' };
    const refused = row.seq === null ? this.#sending(asker) : undefined;
    return refused ?? { done: await this.#uploadOf(row) };
  }

  /** One of its parts lies in the bucket. Answers which have arrived, and the attempt that it takes the place of. */
  storePart(
    asker: Asker,
    id: FileId,
    number: number,
    { record, part }: { record: Uint8Array; part: FilePart },
  ): Answer<StoredPart> {
    const row = this.#ownUpload(asker, id);
    if (row?.state !== 'uploading') return { refused: 'not_found' };
    // It may be sealed under the key of an upload that was given up since.
    if (!isSameKey(record, row.record) || part.length !== partBytesOf(row.bytes, number))
      return { refused: 'file_changed' };
    const parts = row.parts.with(number, part);
    this.#keep({ ...row, parts });
    return { done: { stored: storedIn(parts), former: row.parts[number] ?? null } };
  }

  /** All of it is there and was looked at: it is said in the conversation, and scanned. */
  async finish(
    asker: Asker,
    id: FileId,
    finished: Finished,
    days: number,
    now: number,
  ): Promise<Answer<Sent>> {
    const row = this.#ownUpload(asker, id);
    if (row === undefined) return { refused: 'not_found' };
    const { sent } = await this.#uploadOf(row);
    if (sent !== null) return { done: { message: sent, isNews: false } };
    const refused = this.#sending(asker);
    if (refused !== undefined) return refused;
    // A part that was sent again meanwhile is none of those that were looked at.
    if (!row.parts.every((part, number) => part?.attempt === finished.looked[number]))
      return { refused: 'file_changed' };
    const draft = new Draft(this.#room, now);
    const message = draft.add(row.from, { id: row.message, kind: 'file', text: id }, []);
    if ('refused' in message) return message;
    const about = await this.#book.sealedAbout(await this.#book.keyOf(row), id, finished.about);
    // A restore finds the key of whatever was sent.
    await keyStore(this.#env.KEYS).put('file', this.#keyName(id), row.record);
    const { manifest, bytes } = finished;
    const arrived: FileRow = {
      ...{ ...row, seq: message.seq, state: 'waiting', bytes, about, manifest, parts: [], scanAt: now },
      until: now + days * day,
    };
    const isBack = row.from.kind === 'visitor' && this.#room.row.snoozedUntil !== null;
    const back = isBack ? { row: { ...this.#room.row, snoozedUntil: null } } : {};
    const known = this.#announcing.known();
    this.#room.commit({ ...(await this.#room.sealed(draft.messages)), ...back, file: arrived });
    this.#alarm.by(now);
    const said = { ...message, text: '', file: await this.#book.view(arrived) };
    this.#announcing.news(known, [said]);
    return { done: { message: said, isNews: true } };
  }

  /** It is not sent after all: its sender gave it up, or it was refused. */
  async giveUp(asker: Asker, id: FileId): Promise<Answer<true>> {
    const row = this.#ownUpload(asker, id);
    if (row?.state !== 'uploading') return { refused: 'not_found' };
    await this.#destroy(row, null, Date.now());
    return { done: true };
  }

  /** Of one that was given up there is nothing to go on with, though some of it may still lie in the bucket. */
  #ownUpload(asker: Asker, id: FileId): FileRow | undefined {
    const row = this.#book.get(id);
    const isGivenUp = row?.state === 'gone' && row.seq === null;
    return row?.from.id === asker.id && !isGivenUp ? row : undefined;
  }

  /** The message as its sender sees it. */
  async #uploadOf(row: FileRow): Promise<Upload> {
    const { record, bytes, parts, seq, from } = row;
    const [message] = seq === null ? [] : await this.#room.transcript.before(seq + 1, 1, from.kind);
    const about = (await this.#book.aboutOf(row)) ?? nothingKnown;
    return { record, bytes, parts, about, sent: message ?? null };
  }

  /** What keeps them from sending a file here. */
  #sending(asker: Asker): No | undefined {
    if (watches(asker)) return watching;
    if (this.#room.row.state === 'closed') return { refused: 'conversation_closed' };
    return may(asker, 'file.send', this.#room.thing)
      ? undefined
      : lacking(asker, 'file.send', this.#room.thing);
  }

  // What there is -----------------------------------------------------------------------------------------------

  async list(): Promise<FilesAnswer['files']> {
    const sent = this.#book.rows().filter((row) => row.seq !== null);
    const { transcript } = this.#room;
    const listed = sent.map(async (row) => {
      const seq = row.seq ?? 0;
      const at = transcript.row({ seq, n: 0 }, this.#room.head)?.at ?? row.at;
      return { seq, at, from: row.from, file: await this.#book.view(row) };
    });
    return (await Promise.all(listed)).toSorted((one, other) => one.seq - other.seq);
  }

  /** What it takes to read its bytes, for whoever may open it. One whose time is over goes now, if no alarm was first. */
  async readable(asker: Asker, id: FileId, now: number): Promise<Answer<Readable>> {
    const sent = this.#book.get(id);
    if (sent === undefined || sent.seq === null) return { refused: 'not_found' };
    if (!may(asker, 'file.open', this.#room.thing)) return lacking(asker, 'file.open', this.#room.thing);
    await this.#pass(sent, now);
    const row = this.#book.get(id) ?? sent;
    const no = closed(row.state);
    if (no !== undefined) return no;
    const about = await this.#book.aboutOf(row);
    if (about === null) return { refused: 'file_gone' };
    const thing = { ...this.#room.thing, sensitive: about.sensitive.length > 0 };
    if (!may(asker, 'file.open', thing)) return lacking(asker, 'file.open', thing);
    const { record, manifest, bytes } = row;
    return { done: { record, manifest, bytes, about } };
  }

  /** Lets a file be opened that could not be scanned. */
  async release(asker: Asker, id: FileId): Promise<Answer<FileView>> {
    const row = this.#book.get(id);
    if (row === undefined || row.seq === null) return { refused: 'not_found' };
    if (!may(asker, 'file.release', this.#room.thing))
      return lacking(asker, 'file.release', this.#room.thing);
    if (row.state === 'released') return { done: await this.#book.view(row) };
    if (row.state !== 'unscanned') return closed(row.state) ?? { refused: 'already_done' };
    const released: FileRow = { ...row, state: 'released', scanAt: null };
    this.#keep(released);
    return { done: await this.#tell(released) };
  }

  async #tell(row: FileRow): Promise<FileView> {
    const file = await this.#book.view(row);
    if (row.seq !== null) this.#announcing.file(row.seq, file);
    return file;
  }

  /** What a hold or a restriction kept goes now. Customers are not told of it. */
  keepingChanged(now: number): void {
    this.#wakeForNext(now);
  }

  /** A message was removed, and its file with it: what is left in the bucket goes now. */
  removed(now: number): void {
    if (this.#book.rows().some(({ state, swept }) => state === 'gone' && !swept)) this.#alarm.by(now);
  }

  // What becomes of them ----------------------------------------------------------------------------------------

  /**
   * Does what is due; whatever waits for its turn meanwhile goes between. Of scans, which can take minutes each, it does
   * one, and has the alarm ring again for the next.
   */
  async onAlarm(inTurn: InTurn, now: number): Promise<void> {
    const waiting = this.#book.rows().find((row) => this.#scanIsDue(row, now));
    if (waiting !== undefined) await this.#scan(waiting, inTurn, now);
    await this.seeToAll(inTurn, now);
  }

  /** What is due of each goes, as far as nothing keeps it. */
  async seeToAll(inTurn: InTurn, now: number): Promise<void> {
    for (const { id } of this.#book.rows()) {
      try {
        await inTurn(async () => {
          const row = this.#book.get(id);
          if (row !== undefined) await this.#pass(row, now);
        });
      } catch (error) {
        logFault('conversation.file', error);
        this.#alarm.by(now + tryAgainAfter);
      }
    }
    this.#wakeForNext(now);
  }

  #scanIsDue({ scanAt }: FileRow, now: number): boolean {
    return scanAt !== null && scanAt <= now;
  }

  /** It counts as failed until it is answered, so that one which ends the process is not tried for ever. */
  async #scan({ id }: FileRow, inTurn: InTurn, now: number): Promise<void> {
    const tried = await inTurn(() => Promise.resolve(this.#countTry(id, now)));
    if (tried === undefined) return;
    const result = await this.#scanned(tried).finally(() => this.#scanning.delete(id));
    if (result.verdict === 'infected') await this.#enterBlocked(id);
    await inTurn(async () => {
      const row = this.#book.get(id);
      if (row === undefined || !isScanned(row.state)) return;
      const state = stateAfter(result, row.failures);
      const next: FileRow = { ...row, state, scanAt: isPassing(result) ? row.scanAt : null };
      this.#keep(next);
      if (next.state !== row.state) await this.#tell(next);
    });
  }

  /** It raises an alarm there. */
  async #enterBlocked(id: FileId): Promise<void> {
    const { id: conversation, visitor } = this.#room.row;
    const blocked = { action: 'file.block', object: id, subject: visitor, facts: { conversation } } as const;
    await enter(this.#env, { actor: null, ...blocked }, idOf('file.block', id));
  }

  #countTry(id: FileId, now: number): FileRow | undefined {
    const row = this.#book.get(id);
    if (row === undefined || !isScanned(row.state)) return undefined;
    if (this.#renewing.has(id)) {
      this.#keep({ ...row, scanAt: now + tryAgainAfter });
      return undefined;
    }
    this.#scanning.add(id);
    const failures = row.failures + 1;
    const again = scanAgainAfter(failures);
    const tried: FileRow = { ...row, failures, scanAt: again === undefined ? null : now + again };
    this.#keep(tried);
    return tried;
  }

  async #scanned(row: FileRow): Promise<Scanned> {
    try {
      const key = await this.#book.keyOf(row);
      const stored = new StoredFile(this.#env.FILES, this.#room.row.id, row.id);
      const manifest = await key.openManifest(row.manifest);
      // Whoever was to delete what nobody looked at, or a picture as it was sent, may have been cut off.
      await stored.deleteAllBut(manifest.parts);
      const bytes = await stored.read(key, manifest);
      return await scanFile(this.#env, row, bytes);
    } catch (error) {
      logFault('conversation.scan', error);
      return { verdict: 'failed', why: 'source' };
    }
  }

  /** Its time is over, unless a legal hold or a restriction keeps it; or it has gone, and some of it may still lie in the bucket. */
  async #pass(row: FileRow, now: number): Promise<void> {
    if (row.state === 'gone') {
      if (!row.swept) await this.#sweep(row);
    } else if (row.until <= now && (row.state === 'uploading' || !this.#room.isKept)) {
      await this.#destroy(row, 'expired', now);
    } else if (isUnsettled(row)) await this.#settle(row);
  }

  /**
   * Has the first file behind this one sealed anew under a fresh key, of which the key store then has its copy in the place
   * of the former one's. An upload that nobody has finished is given up. Done again it does so again.
   *
   * @param isErased whether the conversation was erased meanwhile: then nothing of it may be left behind
   * @returns which; null: there is none
   * @throws if it is being scanned, or what lies there is not this file: it stays as it is
   */
  async renew(after: FileId | null, inTurn: InTurn, isErased: () => boolean): Promise<FileId | null> {
    const ids = this.#book.rows().flatMap(({ id, record }) => (record.length > 0 ? [id] : []));
    const id = ids.toSorted().find((each) => after === null || each > after);
    if (id === undefined) return null;
    if (this.#scanning.has(id) || this.#renewing.has(id)) throw new Error('this file is being read');
    this.#renewing.add(id);
    try {
      await this.#sealAnew(id, inTurn, isErased);
    } finally {
      this.#renewing.delete(id);
    }
    return id;
  }

  async #sealAnew(id: FileId, inTurn: InTurn, isErased: () => boolean): Promise<void> {
    await inTurn(async () => {
      const unsettled = this.#book.get(id);
      if (unsettled !== undefined && isUnsettled(unsettled) && !isErased()) await this.#settle(unsettled);
    });
    if (isErased()) return;
    const row = this.#book.get(id);
    if (row?.state === 'uploading') {
      await inTurn(async () => {
        const now = this.#book.get(id);
        if (now?.state === 'uploading' && !isErased()) await this.#destroy(now, null, Date.now());
      });
      return;
    }
    const about = row && (await this.#book.aboutOf(row));
    if (row === undefined || about === null || about === undefined) return;
    const stored = new StoredFile(this.#env.FILES, this.#room.row.id, id);
    const anew = await sealedFileAnew(this.#book, stored, row, about);
    await inTurn(async () => {
      const now = this.#book.get(id);
      const isStillThis = now !== undefined && isSameKey(now.record, row.record);
      if (!isStillThis || isErased()) return stored.delete(anew.parts);
      const renewed = { ...now, ...anew };
      this.#keep(renewed);
      await this.#settle(renewed);
    });
  }

  /** The key store has its new key, and what its former key opens goes. To be done until it is. */
  async #settle(row: FileRow): Promise<void> {
    await keyStore(this.#env.KEYS).put('file', this.#keyName(row.id), row.record);
    const parts = row.parts.filter((part) => part !== null);
    await new StoredFile(this.#env.FILES, this.#room.row.id, row.id).deleteAllBut(parts);
    this.#keep({ ...row, parts: [] });
  }

  /** The key is destroyed first: from then on nobody reads it, whatever still lies anywhere. */
  async #destroy(row: FileRow, end: FileRow['end'], now: number): Promise<void> {
    const gone = goneFrom(row, end, now);
    this.#keep(gone);
    if (gone.seq !== null) await this.#tell(gone);
    await this.#sweep(gone);
  }

  async #sweep(row: FileRow): Promise<void> {
    this.#alarm.by(Date.now() + tryAgainAfter);
    await keyStore(this.#env.KEYS).delete('file', this.#keyName(row.id));
    await new StoredFile(this.#env.FILES, this.#room.row.id, row.id).deleteAllBut([]);
    // Of what was never sent nothing is left to say.
    if (row.seq === null) this.#room.commit({ dropped: row.id });
    else {
      if (row.end === 'expired') await registerFileOver(this.#env, row.id, this.#room.row.site, row.until);
      this.#keep({ ...row, swept: true });
    }
  }

  #keyName(id: FileId): string {
    return `${this.#room.row.id}/${id}`;
  }

  #keep(row: FileRow): void {
    this.#room.commit({ file: row });
    this.#wakeForNext(Date.now());
  }

  #wakeForNext(now: number): void {
    const isHeld = this.#room.isKept;
    const due = this.#book.rows().flatMap((row) => dueAt(row, isHeld, now) ?? []);
    if (due.length > 0) this.#alarm.by(Math.min(...due));
  }
}

const tryAgainAfter = 60_000;
function dueAt(row: FileRow, isHeld: boolean, now: number): number | undefined {
  const { state, scanAt, until, swept } = row;
  if (state === 'gone') return swept ? undefined : now + tryAgainAfter;
  // Whatever else is due then is found by the alarm, which looks at all.
  if (isUnsettled(row)) return Math.min(now + tryAgainAfter, scanAt ?? Infinity);
  if (scanAt !== null) return isHeld ? scanAt : Math.min(scanAt, until);
  return isHeld && state !== 'uploading' ? undefined : until;
}

/** Sealed anew, and the key store may have its former key, and the bucket what that opens. */
function isUnsettled({ state, record, parts }: FileRow): boolean {
  return state !== 'uploading' && record.length > 0 && parts.length > 0;
}

function storedIn(parts: FileRow['parts']): number[] {
  return parts.flatMap((part, number) => (part === null ? [] : [number]));
}

/** What a file is, before anybody has looked at it. */
const nothingKnown: About = {
  name: '',
  mediaType: 'application/octet-stream',
  group: 'text',
  shown: false,
  sensitive: [],
  secrets: false,
};
