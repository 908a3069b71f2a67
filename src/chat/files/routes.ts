/** Files over HTTP: on their way in part by part, opened by a POST, and loaded by the browser that opened them. */
import { Hono } from 'hono';
import { vaultOf } from '../../config.ts';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { idOf, quarterOf } from '../../ledger.ts';
import { accountOf } from '../../people/account.ts';
import { networkOfRequest } from '../../people/bans.ts';
import { withinBudget } from '../../people/budget.ts';
import { unlessHeld } from '../../people/containment.ts';
import { askerOf, requireStepUp, staffOf } from '../../people/guard.ts';
import { linkedIn, linkTo } from '../../people/links.ts';
import type { Asker } from '../../people/permission.ts';
import { enter, note } from '../../people/recording.ts';
import { provedHere } from '../../people/visitor.ts';
import { type FileRules, emptyRequest } from '../../protocol/bodies.ts';
import {
  type FileAnswer,
  type FilesAnswer,
  openFileRequest,
  type PartAnswer,
  releaseRequest,
  type SentAnswer,
  type UploadAnswer,
  uploadRequest,
} from '../../protocol/file-bodies.ts';
import { type ConversationId, type FileId, idFrom, type VisitorId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { type Answer, Refusal, take } from '../../protocol/refusals.ts';
import { conversationOf } from '../conversation.ts';
import { idIn, limitVisitors } from '../door.ts';
import { siteOf } from '../sites.ts';
import { filePlace, StoredFile } from './stored.ts';
import { partBytesOf, partsOf } from './rules.ts';
import { partOf } from './sending.ts';
import { Uploads } from './store.ts';
import { finishedFile, isRefusedForGood, storedPart } from './taking.ts';

export const fileRoutes = new Hono<Http>()
  .get('/conversations/:id/files', async (c) => {
    const asker = await askerOf(c.env, c.req.raw);
    const conversation = idIn(c, 'conversation', 'id');
    await withinBudget(c, asker, conversation);
    return c.json<FilesAnswer>({ files: take(await conversationOf(c.env, conversation).files(asker)) });
  })

  .post('/conversations/:id/files', async (c) => {
    const asker = await limitedAskerOf(c);
    const { id: message, name, bytes, sensitive } = await bodyOf(c, uploadRequest);
    const conversation = idIn(c, 'conversation', 'id');
    const room = conversationOf(c.env, conversation);
    const { rules } = await siteRulesOf(c, asker, conversation);
    const file = await fileIdFor(c, conversation, asker, message);
    if (asker.kind === 'visitor' && isUnknown(await room.upload(asker, file)))
      await countUpload(c, asker.id, bytes);
    const wish = { file, message, name, bytes, saysSensitive: sensitive, rules };
    const { parts } = take(await room.beginUpload(asker, wish));
    const stored = parts.flatMap((part, number) => (part === null ? [] : [number]));
    const upload = { file, partBytes: limits.filePartBytes, parts: partsOf(bytes), stored };
    return c.json<UploadAnswer>({ upload }, 201);
  })

  .put('/conversations/:id/files/:file/parts/:part', async (c) => {
    const asker = await limitedAskerOf(c);
    const { conversation, file } = fileIn(c);
    const part = /^(?:0|[1-9]\d{0,3})$/.test(c.req.param('part')) ? Number(c.req.param('part')) : -1;
    if (c.req.header('content-type') !== 'application/octet-stream')
      throw new Refusal('unsupported_type', 'The body must be application/octet-stream.');
    const room = conversationOf(c.env, conversation);
    const upload = take(await room.upload(asker, file));
    if (upload.sent !== null) throw new Refusal('already_done');
    const bytes = part < 0 ? undefined : partBytesOf(upload.bytes, part);
    if (bytes === undefined) throw new Refusal('not_found');
    if (c.req.header('content-length') !== String(bytes)) throw new Refusal('file_changed');
    const body: ReadableStream<Uint8Array> | null = c.req.raw.body;
    const stored = await storedPart(c.env, { conversation, file }, upload, { number: part, bytes, body });
    const answer = await room.storePart(asker, file, part, { record: upload.record, part: stored });
    // Whichever attempt is not the part now is of no use.
    const useless = 'refused' in answer ? stored : answer.done.former;
    if (useless !== null) await new StoredFile(c.env.FILES, conversation, file).deleteAttempt(part, useless);
    return c.json<PartAnswer>({ stored: take(answer).stored });
  })

  .post('/conversations/:id/files/:file/finish', async (c) => {
    const asker = await limitedAskerOf(c);
    await bodyOf(c, emptyRequest);
    const { conversation, file } = fileIn(c);
    const room = conversationOf(c.env, conversation);
    const upload = take(await room.upload(asker, file));
    if (upload.sent !== null) return c.json<SentAnswer>({ message: upload.sent });
    const { rules } = await siteRulesOf(c, asker, conversation);
    try {
      const place = { conversation, file };
      const { made, replaced, ...finished } = await finishedFile(c.env, place, upload, rules);
      const answer = await room.finishUpload(asker, file, finished, rules.days);
      // Whichever parts are not the file now are of no use.
      const isNews = 'done' in answer && answer.done.isNews;
      await new StoredFile(c.env.FILES, conversation, file).delete(isNews ? replaced : made);
      const { message } = take(answer);
      return c.json<SentAnswer>({ message });
    } catch (error) {
      if (isRefusedForGood(error)) await room.giveUpUpload(asker, file);
      throw error;
    }
  })

  .delete('/conversations/:id/files/:file', async (c) => {
    const asker = await limitedAskerOf(c);
    const { conversation, file } = fileIn(c);
    take(await conversationOf(c.env, conversation).giveUpUpload(asker, file));
    return c.json({});
  })

  .post('/conversations/:id/files/:file/open', async (c) => {
    const asker = await limitedAskerOf(c);
    const { as, reason } = await bodyOf(c, openFileRequest);
    const { conversation, file } = fileIn(c);
    const { visitor, rules } = await siteRulesOf(c, asker, conversation);
    const { sensitive } = take(await conversationOf(c.env, conversation).readableFile(asker, file)).about;
    const opened = { object: file, subject: visitor, facts: { conversation, as, sensitive } };
    note(c, opened);
    if (asker.kind === 'visitor') {
      // They can open it again and again, and make visitors of themselves: it is entered once.
      note(c, { action: null });
      const now = Date.now();
      if (rules.code && !(await provedHere(c, asker, now))) throw new Refusal('code_needed');
      const once = idOf('file.open', file, asker.id, as, quarterOf(now));
      await enter(c.env, { action: 'file.open', actor: asker.id, ...opened }, once);
    } else {
      // Whoever is not shown as there is not shown by this either (M6).
      if (await accountOf(c.env, asker.id).watches(conversation, asker.session))
        note(c, { facts: { ...opened.facts, silent: true } });
      if (sensitive.length > 0 && reason === undefined) throw new Refusal('reason_needed');
      if (sensitive.length > 0) await requireStepUp(c.env, asker);
      await withinBudget(c, asker, conversation);
      await withinBudget(c, asker, file);
      if (reason !== undefined) note(c, { personal: { reason }, of: visitor });
    }
    return linkTo(c, asker, `/files/${conversation}/${file}`, { conversation, file, as });
  })

  .post('/conversations/:id/files/:file/release', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const { reason } = await bodyOf(c, releaseRequest);
    const { conversation, file } = fileIn(c);
    await requireStepUp(c.env, staff);
    const { visitor } = await siteRulesOf(c, staff, conversation);
    note(c, { object: file, subject: visitor, facts: { conversation } });
    note(c, { personal: { reason }, of: visitor });
    const released = take(await conversationOf(c.env, conversation).releaseFile(staff, file));
    return c.json<FileAnswer>({ file: released });
  });

/** Where a file's bytes are loaded from, by the browser that opened it; for every other it is not there. */
export const fileByteRoutes = new Hono<Http>().get('/:conversation/:file', async (c) => {
  const conversation = idIn(c, 'conversation', 'conversation');
  const file = idIn(c, 'file', 'file');
  const { asker, as } = await openerOf(c, conversation, file);
  const { about, bytes, manifest, record } = take(
    await conversationOf(c.env, conversation).readableFile(asker, file),
  );
  const type = as === 'show' && about.shown ? 'inline' : 'attachment';
  return partOf(c, { name: about.name, mediaType: about.mediaType, type, bytes }, async (range) => {
    const key = await (await vaultOf(c.env)).fileKey(filePlace(conversation, file), record);
    const stored = new StoredFile(c.env.FILES, conversation, file);
    return unlessHeld(c.env, 'files', await stored.send(key, await key.openManifest(manifest), range));
  });
});

/** @throws {Refusal} not_found for whoever did not open it in this browser */
async function openerOf(c: Ctx, conversation: ConversationId, file: FileId) {
  const { asker, opened } = await linkedIn(c);
  if (!('file' in opened) || opened.conversation !== conversation || opened.file !== file)
    throw new Refusal('not_found');
  if (asker.kind === 'visitor') await limitVisitors(c);
  return { asker, as: opened.as };
}

async function limitedAskerOf(c: Ctx): Promise<Asker> {
  const asker = await askerOf(c.env, c.req.raw);
  if (asker.kind === 'visitor') await limitVisitors(c);
  return asker;
}

function fileIn(c: Ctx): { conversation: ConversationId; file: FileId } {
  return { conversation: idIn(c, 'conversation', 'id'), file: idIn(c, 'file', 'file') };
}

/** The same message of the same sender has the same file, however often it is begun. */
async function fileIdFor(
  c: Ctx,
  conversation: ConversationId,
  { id }: Asker,
  message: string,
): Promise<FileId> {
  return idFrom('file', await (await vaultOf(c.env)).lookup('file', `${conversation}.${id}.${message}`));
}

/** What the site of a conversation that they may read asks of files, and whose conversation it is. */
async function siteRulesOf(
  c: Ctx,
  asker: Asker,
  conversation: ConversationId,
): Promise<{ visitor: VisitorId; rules: FileRules }> {
  const { site, visitor } = take(await conversationOf(c.env, conversation).whose(asker));
  const known = await siteOf(c.env, site);
  if (known === undefined) throw new Refusal('not_found');
  return { visitor, rules: known.settings.files };
}

function isUnknown(answer: Answer<unknown>): boolean {
  return 'refused' in answer && answer.refused === 'not_found';
}

const perVisitor = { files: limits.filesPerVisitor, bytes: limits.fileBytesPerVisitor };
const perNetwork = { files: limits.filesPerNetwork, bytes: limits.fileBytesPerNetwork };

/** @throws {Refusal} enough_today */
async function countUpload(c: Ctx, visitor: VisitorId, bytes: number): Promise<void> {
  const uploads = new Uploads(c.env.DB);
  const now = Date.now();
  const network = (await networkOfRequest(c.env, c.req.raw)) ?? 'unknown';
  const isWithin =
    (await uploads.count(network, perNetwork, bytes, now)) &&
    (await uploads.count(visitor, perVisitor, bytes, now));
  if (isWithin) return;
  throw new Refusal('enough_today', 'More files than this can’t be sent from here today. Go on tomorrow.');
}
