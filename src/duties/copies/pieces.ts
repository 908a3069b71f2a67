/**
 * What a copy consists of, piece by piece: the files, so that what is told of them is what became of them, the ledger's
 * entries, the data, the page, and the schema of the data. After most pieces it can be left and gone on with.
 */
import { conversationAfter, type ConversationPlace, conversationsBegunBy } from '../../chat/directory.ts';
import { conversationOf } from '../../chat/conversation.ts';
import { filePlace, StoredFile } from '../../chat/files.ts';
import { type Env, vaultOf } from '../../config.ts';
import { ledgerHead, linesAbout, type LinesPlace, type Whom } from '../../ledger.ts';
import type { Visitor } from '../../people/permission.ts';
import type { FileView } from '../../protocol/frames.ts';
import type { ConversationId, FileId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { readLeaf } from '../../protocol/ledger-proof.ts';
import { VaultError } from '../../vault.ts';
import { openedSaid, type RequestPlace, type RequestRow, RequestStore } from '../requests.ts';
import { dataForm } from './data.ts';
import { ledgerFile, pageForm } from './page.ts';
import { hasRoom, isBackstage, isByStaff, pathOf } from './rules.ts';
import { copySchema } from './schema.ts';
import type { CopyRow } from './store.ts';
import type { About, Asked, Form } from './talk.ts';
import type { Effort } from './zip.ts';

/**
 * Where it goes on. `asked`: the last request that is done; null: all of them are. `after`: the last conversation that is
 * done; `place`: the last of the next one that is.
 */
export type Cursor =
  | { in: 'files'; after: ConversationPlace | null; place: number }
  | { in: 'ledger'; place: LinesPlace | null }
  | {
      in: 'data' | 'page';
      isBegun: boolean;
      asked: RequestPlace | null;
      isFirst: boolean;
      after: ConversationPlace | null;
      place: { seq: number; n: number };
    }
  | { in: 'schema' };
export const beginning: Cursor = { in: 'files', after: null, place: 0 };

/** `next`: it can be left here, and goes on there; null: nothing is left. `done`: how many things it tells. */
export type Piece = {
  write?: { name: string; bytes: Uint8Array; effort: Effort };
  next?: Cursor | null;
  done: number;
};

/** What is made while a portion is, and counts once it is done. `bytes`: of the files that are in it. */
export type Draft = {
  taken: Record<string, string>;
  left: Record<string, 'room' | 'unreadable'>;
  bytes: number;
};

/** Nothing can be had of this file, now or later. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly file: FileId;

  constructor(file: FileId) {
    super('a file of a copy can not be read');
    this.file = file;
  }
}

export type Source = { env: Env; copy: CopyRow; about: About; draft: Draft; whom: Whom };

/** Whom the ledger is asked for. All of their conversations are asked for once, which may be many. */
export function whomOf(env: Env, { visitor, askedAt }: CopyRow): Whom {
  const some = (after: string, page: number) => conversationsBegunBy(env, visitor, askedAt, after, page);
  let all: Promise<ReadonlySet<string>> | undefined;
  return {
    ...{ id: visitor, until: askedAt },
    someTalks: (after) => some(after, talksAtOnce),
    allTalks: () => (all ??= allOf(some)),
  };
}

async function allOf(some: (after: string, page: number) => Promise<ConversationId[]>) {
  const all = new Set<string>();
  for (let after = ''; ;) {
    const page = await some(after, idsAtOnce);
    for (const id of page) all.add(id);
    const last = page.at(-1);
    if (last === undefined || page.length < idsAtOnce) return all;
    after = last;
  }
}
const talksAtOnce = 100;
const idsAtOnce = 5_000;

/** @throws {UnreadableFile} */
export async function* piecesFrom(source: Source, cursor: Cursor): AsyncGenerator<Piece> {
  for (let at: Cursor | null = cursor; at !== null;) {
    for await (const piece of piecesAt(source, at)) {
      yield piece;
      if (piece.next !== undefined) at = piece.next;
    }
  }
}

/** Those of one step, the last of which says where the next one begins. */
function piecesAt(source: Source, at: Cursor): AsyncGenerator<Piece> {
  switch (at.in) {
    case 'files':
      return filePieces(source, at);
    case 'ledger':
      return ledgerPieces(source, at);
    case 'data':
      return formPieces(source, dataForm, at);
    case 'page':
      return formPieces(source, pageForm, at);
    case 'schema':
      return schemaPieces();
  }
}

// Files ---------------------------------------------------------------------------------------------------------------

async function* filePieces(source: Source, at: Cursor & { in: 'files' }): AsyncGenerator<Piece> {
  const { env, copy } = source;
  const talk = await conversationAfter(env, copy.visitor, at.after, copy.askedAt);
  if (talk === undefined) {
    yield { next: { in: 'ledger', place: null }, done: 0 };
    return;
  }
  const answer = await conversationOf(env, talk.id).files(themselves(copy));
  const files = 'done' in answer ? answer.done.filter((each) => each.seq > at.place) : [];
  for (const { seq, file } of files) {
    yield* fileBytes(source, talk.id, seq, file);
    yield { next: { ...at, place: seq }, done: 1 };
  }
  yield { next: { ...at, after: talk, place: 0 }, done: 0 };
}

async function* fileBytes(
  { env, copy, draft }: Source,
  conversation: ConversationId,
  seq: number,
  file: FileView,
): AsyncGenerator<Piece> {
  const answer = await conversationOf(env, conversation).readableFile(themselves(copy), file.id);
  if ('refused' in answer || file.id in draft.left) return;
  if (!hasRoom(file, Object.keys(draft.taken).length, draft.bytes)) {
    draft.left[file.id] = 'room';
    return;
  }
  const { record, manifest, about } = answer.done;
  const name = pathOf(conversation, seq, about.name);
  try {
    const key = await (await vaultOf(env)).fileKey(filePlace(conversation, file.id), record);
    const stored = new StoredFile(env.FILES, conversation, file.id);
    for await (const bytes of await stored.read(key, await key.openManifest(manifest)))
      yield { write: { name, bytes, effort: 'packed' }, done: 0 };
  } catch (error) {
    throw error instanceof VaultError ? new UnreadableFile(file.id) : error;
  }
  draft.taken[file.id] = name;
  draft.bytes += file.bytes;
}

// The ledger ----------------------------------------------------------------------------------------------------------

async function* ledgerPieces(
  { env, about, whom }: Source,
  { place }: Cursor & { in: 'ledger' },
): AsyncGenerator<Piece> {
  // The head first: what it speaks of is there to be read.
  const head = place === null ? [await ledgerHead(env)] : [];
  const { lines, next } = await linesAbout(env, whom, place);
  const shown = lines.flatMap((line) => {
    const entry = readLeaf(line.leaf);
    if (entry === undefined) return [];
    if (about.backstage) return [line];
    if (isBackstage(entry)) return [];
    // Why staff did something, they wrote for themselves.
    const { personal: _, ...signed } = line;
    return [isByStaff(entry) ? signed : line];
  });
  const text = [...head, ...shown].map((line) => `${JSON.stringify(line)}\n`).join('');
  const goesOn: Cursor = next === null ? firstOf('data') : { in: 'ledger', place: next };
  yield { write: textOf(ledgerFile, text), next: goesOn, done: shown.length };
}

// Everything that was asked and said --------------------------------------------------------------------------------

const askedAtOnce = 100;

function firstOf(form: 'data' | 'page'): Cursor {
  return { in: form, isBegun: false, asked: firstAsked, isFirst: true, after: null, place: nowhere };
}
const firstAsked: RequestPlace = { openedAt: 0, id: '' };
const nowhere = { seq: 0, n: 0 };

async function* formPieces(
  { env, copy, about, draft }: Source,
  form: Form,
  at: Cursor & { in: 'data' | 'page' },
): AsyncGenerator<Piece> {
  if (!at.isBegun) {
    yield { write: textOf(form.name, form.begin(about)), next: { ...at, isBegun: true }, done: 0 };
    return;
  }
  if (at.asked !== null) {
    const rows = await new RequestStore(env.DB).someOf(copy.visitor, at.asked, copy.askedAt, askedAtOnce);
    const asked = await Promise.all(rows.map((row) => askedIn(env, row)));
    const last = rows.length < askedAtOnce ? undefined : rows.at(-1);
    const text = form.asked(about, asked, at.asked.id === '');
    yield {
      write: textOf(form.name, last === undefined ? text + form.askedEnds(about) : text),
      next: { ...at, asked: last === undefined ? null : { openedAt: last.openedAt, id: last.id } },
      done: rows.length,
    };
    return;
  }
  const next = await conversationAfter(env, copy.visitor, at.after, copy.askedAt);
  if (next === undefined) {
    const goesOn: Cursor = at.in === 'data' ? firstOf('page') : { in: 'schema' };
    yield { write: textOf(form.name, form.end(about)), next: goesOn, done: 0 };
    return;
  }
  const room = conversationOf(env, next.id);
  const talk = await room.toCopy(copy.visitor);
  const isBeginning = at.place.seq === 0;
  const over: Cursor = { ...at, after: next, place: nowhere };
  if (talk === undefined) {
    // It was erased meanwhile: what has begun of it still ends.
    const write = isBeginning ? {} : { write: textOf(form.name, form.talkEnds()) };
    yield { ...write, next: { ...over, isFirst: at.isFirst && isBeginning }, done: 0 };
    return;
  }
  const audience = about.backstage ? 'staff' : 'visitor';
  const page = await room.messagesToCopy(copy.visitor, at.place, audience, limits.pageMessages);
  const messages = page.filter((message) => message.at <= copy.askedAt);
  const last = messages.length < limits.pageMessages ? undefined : messages.at(-1);
  const text =
    (isBeginning ? form.talk(about, talk, at.isFirst) : '') +
    form.messages(about, talk, messages, draft, isBeginning) +
    (last === undefined ? form.talkEnds() : '');
  const goesOn: Cursor =
    last === undefined ? { ...over, isFirst: false } : { ...at, place: { seq: last.seq, n: last.n ?? 0 } };
  yield { write: textOf(form.name, text), next: goesOn, done: messages.length };
}

// oxlint-disable-next-line typescript/require-await -- as the others are
async function* schemaPieces(): AsyncGenerator<Piece> {
  const text = `${JSON.stringify(copySchema, null, 2)}\n`;
  yield { write: textOf('data.schema.json', text), next: null, done: 0 };
}

async function askedIn(env: Env, row: RequestRow): Promise<Asked> {
  const { id, kind, law, state, proof, openedAt, dueAt, extendedAt, doneAt } = row;
  return {
    id,
    kind,
    law,
    state,
    proof,
    openedAt,
    dueAt,
    extendedAt,
    doneAt,
    ...(await openedSaid(env, row)),
  };
}

/** What they may see of their own, by the rule that their own page is shown it by. */
function themselves({ visitor, site }: CopyRow): Visitor {
  return { kind: 'visitor', id: visitor, site };
}

const utf8 = new TextEncoder();
function textOf(name: string, text: string): NonNullable<Piece['write']> {
  return { name, bytes: utf8.encode(text), effort: 'text' };
}
