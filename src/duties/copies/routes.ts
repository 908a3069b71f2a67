/** Copies over HTTP: asked for, looked after, opened by a POST, and loaded by the browser that opened them. */
import { Hono } from 'hono';
import { partOf, sealedAnswer } from '../../chat/files.ts';
import { idIn, limitVisitors } from '../../chat/door.ts';
import { siteOfVisitor } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { idOf, quarterOf } from '../../ledger.ts';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { unlessHeld } from '../../people/containment.ts';
import { allow, askerOf, requireStepUp } from '../../people/guard.ts';
import { linkedIn, linkTo } from '../../people/links.ts';
import type { Asker } from '../../people/permission.ts';
import { pgpWished, sealedTo } from '../../people/pgp.ts';
import { enter, note } from '../../people/recording.ts';
import { isVerifiedHere, seenVisitor } from '../../people/visitor.ts';
import { emptyRequest } from '../../protocol/bodies.ts';
import { type CopiesAnswer, type CopyAnswer, copyRequest } from '../../protocol/copies.ts';
import type { SiteId, VisitorId } from '../../protocol/ids.ts';
import type { Facts } from '../../protocol/ledger-proof.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { refuseCopyOfRestricted } from '../privacy.ts';
import { beginCopy, copiesFor, type Copy, copyOf, madeCopy, mayOpen } from './keeping.ts';

export const copyRoutes = new Hono<Http>()
  .post('/visitors/:id/copies', async (c) => {
    const asker = await limitedAskerOf(c);
    const { reason, backstage = false, openpgp } = await bodyOf(c, copyRequest);
    const visitor = idIn(c, 'visitor', 'id');
    allowCopy(asker, visitor);
    if (asker.kind === 'visitor') {
      if (reason !== undefined || backstage || openpgp === 'organisation') throw new Refusal('not_allowed');
    } else {
      await refuseCopyOfRestricted(c.env, asker, visitor);
      if (reason === undefined) throw new Refusal('invalid', 'reason: missing');
      note(c, { personal: { reason } });
    }
    await requireProof(c, asker);
    const site = asker.kind === 'visitor' ? asker.site : await siteKnownOf(c.env, visitor);
    if (site === undefined) throw new Refusal('not_found');
    const pgp = await pgpWished(c.env, openpgp);
    const what = { object: visitor, subject: visitor, facts: { backstage, openpgp: pgp !== null } };
    note(c, what);
    const copy = await beginCopy(c.env, { visitor, site, asker: asker.id, backstage, pgp }, Date.now());
    if (asker.kind === 'visitor') await enterOnce(c, asker, 'customer.copy', what, copy.id);
    return c.json<CopyAnswer>({ copy: viewOf(copy) }, 201);
  })

  .get('/visitors/:id/copies', async (c) => {
    const asker = await limitedAskerOf(c);
    const visitor = idIn(c, 'visitor', 'id');
    allowCopy(asker, visitor);
    const copies = await copiesFor(c.env, asker.id, visitor, Date.now());
    return c.json<CopiesAnswer>({ copies: copies.map(viewOf) });
  })

  .get('/copies/:id', async (c) => {
    const asker = await limitedAskerOf(c);
    return c.json<CopyAnswer>({ copy: viewOf(await theirCopy(c, asker)) });
  })

  .post('/copies/:id/open', async (c) => {
    const asker = await limitedAskerOf(c);
    await bodyOf(c, emptyRequest);
    const { id, visitor, state, backstage } = await theirCopy(c, asker);
    if (asker.kind === 'staff') await refuseCopyOfRestricted(c.env, asker, visitor);
    await requireProof(c, asker);
    if (state !== 'ready') throw new Refusal('not_found');
    const what = { object: id, subject: visitor, facts: { backstage } };
    note(c, what);
    if (asker.kind === 'visitor') await enterOnce(c, asker, 'copy.open', what, `${quarterOf(Date.now())}`);
    return linkTo(c, asker, `/copies/${id}`, { copy: id });
  });

/** Where a copy is loaded from, by the browser that opened it; for every other it is not there. */
export const copyByteRoutes = new Hono<Http>().get('/:id', async (c) => {
  const { asker, opened } = await linkedIn(c);
  if (asker.kind === 'visitor') await limitVisitors(c);
  const copy = await theirCopy(c, asker);
  if (asker.kind === 'staff') await refuseCopyOfRestricted(c.env, asker, copy.visitor);
  const made = 'copy' in opened && opened.copy === copy.id ? await madeCopy(c.env, copy.id) : undefined;
  if (made === undefined) throw new Refusal('not_found');
  const { key, manifest, stored, pgp } = made;
  const cut = (body: ReadableStream<Uint8Array>) => unlessHeld(c.env, 'exports', body);
  const name = `data-${new Date(copy.askedAt).toISOString().slice(0, 10)}.zip`;
  if (pgp !== null)
    return sealedAnswer(c, `${name}.pgp`, await sealedTo(pgp, cut(await stored.read(key, manifest))));
  const sent = { name, mediaType: 'application/zip', type: 'attachment', bytes: manifest.length } as const;
  return partOf(c, sent, async (range) => cut(await stored.send(key, manifest, range)));
});

async function limitedAskerOf(c: Ctx): Promise<Asker> {
  const asker = await askerOf(c.env, c.req.raw);
  if (asker.kind === 'visitor') await limitVisitors(c);
  return asker;
}

/** Customers have their own alone. @throws {Refusal} not_found, not_allowed */
function allowCopy(asker: Asker, visitor: VisitorId): void {
  if (asker.kind === 'staff') allow(asker, 'customer.copy');
  else allow(asker, 'customer.copy', { visitor, site: asker.site }, 'not_found');
}

/**
 * A copy that they asked for, or were handed: nobody is given what somebody else had made for themselves.
 * @throws {Refusal} not_found, not_allowed
 */
async function theirCopy(c: Ctx, asker: Asker): Promise<Copy> {
  if (asker.kind === 'staff') allow(asker, 'customer.copy');
  const copy = await copyOf(c.env, idIn(c, 'copy', 'id'), Date.now());
  if (copy === undefined || !mayOpen(copy, asker.id)) throw new Refusal('not_found');
  return copy;
}

/** @throws {Refusal} step_up_needed, code_needed */
async function requireProof(c: Ctx, asker: Asker): Promise<void> {
  if (asker.kind === 'staff') await requireStepUp(c.env, asker);
  else if (!(await isVerifiedHere(c, asker, Date.now()))) throw new Refusal('code_needed');
}

/** Customers can ask again and again: it is entered once. */
async function enterOnce(
  c: Ctx,
  { id }: Asker,
  action: 'customer.copy' | 'copy.open',
  what: { object: string; subject: string; facts: Facts },
  when: string,
): Promise<void> {
  note(c, { action: null });
  await enter(c.env, { action, actor: id, ...what }, idOf(action, what.object, when));
}

/** Undefined: nothing is kept of them. */
async function siteKnownOf(env: Env, visitor: VisitorId): Promise<SiteId | undefined> {
  return (await siteOfVisitor(env, visitor)) ?? (await seenVisitor(env, visitor))?.site;
}

function viewOf({ id, state, backstage, openpgp, askedAt, done, until }: Copy): CopyAnswer['copy'] {
  return { id, state, backstage, openpgp, askedAt, done, until };
}
