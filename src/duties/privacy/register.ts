/** The register of requests: who may ask, what is kept of it, and what becomes of it. */
import { conversationOf } from '../../chat/conversation.ts';
import { siteOfVisitor } from '../../chat/directory.ts';
import { siteOf } from '../../chat/sites.ts';
import type { Env } from '../../config.ts';
import type { Ctx } from '../../http.ts';
import type { Staff, Visitor } from '../../people/permission.ts';
import { profilesOn } from '../../people/profiles.ts';
import { heldHere, tracesOf } from '../../people/visitor.ts';
import { type CopyId, isId, newId, type RequestId, type SiteId, type VisitorId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { kindsOf, plainMasking } from '../../protocol/marks.ts';
import { masked } from '../../protocol/masking.ts';
import type {
  askRequest,
  fulfilRequest,
  openRequest,
  OwnRequest,
  refuseRequest,
  RequestProof,
} from '../../protocol/privacy.ts';
import { Refusal, take } from '../../protocol/refusals.ts';
import type { InferOutput } from 'valibot';
import { isSameKey } from '../../vault.ts';
import { copyOf } from '../copies.ts';
import {
  type NewRequest,
  newRequestKey,
  requestKeyOf,
  type RequestRow,
  RequestStore,
  sealSaid,
} from '../requests.ts';
import { beginRun } from '../runs.ts';
import { isHeld } from './holds.ts';
import { receiptOf, receiptOfRefusal } from './receipt.ts';
import { restrict } from './restricting.ts';
import { dueAt, extendedUntil, firstLaw, notAnswerable, notExtendable } from './rules.ts';
import { ownView } from './showing.ts';

type Opened = { row: RequestRow; isNews: boolean };

// Who asks for themselves -----------------------------------------------------------------------------------------

/**
 * Asks, unless they wait for an answer to the same. In this browser it has to be known who they are.
 * @throws {Refusal} code_needed
 */
export async function ask(
  c: Ctx,
  visitor: Visitor,
  { kind, wish }: InferOutput<typeof askRequest>,
  now: number,
): Promise<Opened> {
  const proof = await proofHere(c, visitor, now);
  const { id, site } = visitor;
  const law = firstLaw(await profilesOn(c.env), now);
  const asked = { kind, visitor: id, site, law, proof, openedBy: null } as const;
  return opened(c.env, asked, { wish, how: null }, now);
}

/** @throws {Refusal} code_needed */
export async function ownRequests(c: Ctx, visitor: Visitor, now: number): Promise<OwnRequest[]> {
  await proofHere(c, visitor, now);
  const rows = await new RequestStore(c.env.DB).ofVisitor(visitor.id, limits.listRequests);
  return Promise.all(rows.map((row) => ownView(c.env, row)));
}

/** By whom it is proved that this is they. A token alone proves nothing: it may be a copy. */
async function proofHere(c: Ctx, visitor: Visitor, now: number): Promise<RequestProof> {
  const held = await heldHere(c, visitor, now);
  if (held?.kind === 'vouched') return 'site';
  const traces = held === undefined ? undefined : await tracesOf(c.env, visitor.id);
  if (traces?.how !== 'code') throw new Refusal('code_needed');
  return 'code';
}

// Who answers -----------------------------------------------------------------------------------------------------

/** @throws {Refusal} not_found, already_done: they wait for an answer to the same */
export async function openFor(
  env: Env,
  staff: Staff,
  { of, kind, law, how, wish }: InferOutput<typeof openRequest>,
  now: number,
): Promise<RequestRow> {
  const { visitor, site } = await whoIs(env, staff, of);
  const asked = { kind, visitor, site, law, proof: 'staff', openedBy: staff.id } as const;
  const { row, isNews } = await opened(env, asked, { wish, how }, now);
  if (!isNews) throw new Refusal('already_done', 'They wait for an answer to the same already.');
  return row;
}

/** Whom this visitor, or this conversation, is about. @throws {Refusal} not_found */
export async function whoIs(
  env: Env,
  staff: Staff,
  of: InferOutput<typeof openRequest>['of'],
): Promise<{ visitor: VisitorId; site: SiteId }> {
  if (isId('conversation', of)) return take(await conversationOf(env, of).whose(staff));
  const site = (await tracesOf(env, of))?.site ?? (await siteOfVisitor(env, of));
  if (site === undefined) throw new Refusal('not_found');
  return { visitor: of, site };
}

async function opened(
  env: Env,
  asked: Omit<NewRequest, 'id' | 'openedAt' | 'dueAt' | 'wish' | 'how' | 'key'>,
  { wish, how }: { wish: string | null; how: string | null },
  now: number,
): Promise<Opened> {
  const store = new RequestStore(env.DB);
  const waiting = await store.waitingFor(asked.visitor, asked.kind);
  if (waiting !== undefined) return { row: waiting, isNews: false };
  const erasing = await store.waitingFor(asked.visitor, 'erasure');
  if (erasing?.state === 'working') throw new Refusal('already_done', 'They are being erased.');
  const id = newId('request');
  const { key, record } = await newRequestKey(env, id, asked.visitor);
  const said = {
    wish: await sealSaid(key, id, 'wish', await maskedOn(env, asked.site, wish)),
    how: await sealSaid(key, id, 'how', await maskedOn(env, asked.site, how)),
  };
  const due = dueAt(asked.law, now, false);
  const isNews = await store.add({ ...asked, ...said, id, key: record, openedAt: now, dueAt: due });
  // Of two who ask at once one was first.
  const row = isNews ? await store.find(id) : await store.waitingFor(asked.visitor, asked.kind);
  if (row === undefined) throw new Error('the request is not there');
  return { row, isNews };
}

/** @throws {Refusal} not_found */
export async function requestOf(env: Env, id: RequestId): Promise<RequestRow> {
  const row = await new RequestStore(env.DB).find(id);
  if (row === undefined) throw new Refusal('not_found');
  return row;
}

/** It takes longer, once, and why. @throws {Refusal} not_found, already_done, too_late */
export async function extend(env: Env, id: RequestId, reason: string, now: number): Promise<void> {
  const row = await requestOf(env, id);
  refuseIf(notExtendable(row, now));
  // Whoever opened it has said by which law; what a customer asked by themselves goes by all that are there.
  const others = row.openedBy === null ? await profilesOn(env) : [];
  const due = extendedUntil([row.law, ...others], row.openedAt);
  const store = new RequestStore(env.DB);
  const isExtended = await written(env, row, async (of) =>
    store.extend(of, due, await sealed(env, of, 'extension', reason), now),
  );
  if (!isExtended) throw new Refusal('already_done');
}

/** @throws {Refusal} not_found, already_done */
export async function refuse(
  env: Env,
  staff: Staff,
  id: RequestId,
  { ground, reason }: InferOutput<typeof refuseRequest>,
  now: number,
): Promise<void> {
  const row = await requestOf(env, id);
  refuseIf(notAnswerable(row));
  const store = new RequestStore(env.DB);
  const given = { receipt: await receiptOfRefusal(env, row, ground, now), copy: null };
  const isRefused = await written(env, row, async (of) =>
    store.decide(of, 'refused', await sealed(env, of, 'answer', reason), given, staff.id, now),
  );
  if (!isRefused) throw new Refusal('already_done');
}

/**
 * @param copy what is handed over with the answer; undefined: nothing, or some other way
 * @throws {Refusal} not_found, already_done, unanswered, on_hold, invalid
 */
export async function fulfil(
  env: Env,
  staff: Staff,
  id: RequestId,
  { answer, copy }: InferOutput<typeof fulfilRequest>,
  now: number,
): Promise<void> {
  const row = await requestOf(env, id);
  refuseIf(notAnswerable(row));
  if (copy !== undefined) await requireHandable(env, staff, row, copy, now);
  const store = new RequestStore(env.DB);
  switch (row.kind) {
    case 'erasure': {
      if (await store.waitForOthers(row.visitor)) throw new Refusal('unanswered');
      if (await isHeld(env, row.visitor))
        throw new Refusal('on_hold', 'A legal hold is on a conversation of theirs. It has to end first.');
      // Each time it is begun it is another run.
      const run = `${id}-${now}`;
      if (!(await store.begin(id, run, staff.id, now))) throw new Refusal('already_done');
      return beginRun(env, 'erasure', run, now);
    }
    case 'access':
    case 'portability':
    case 'rectification':
    case 'restriction':
    case 'objection': {
      if (row.kind === 'restriction') await restrict(env, row.visitor, staff.id, true, now);
      const receipt = await receiptOf(env, row, now);
      const given = { receipt, copy: copy ?? null };
      const isDone = await written(env, row, async (of) => {
        const said = answer === null ? null : await sealed(env, of, 'answer', answer);
        return store.decide(of, 'done', said, given, staff.id, now);
      });
      if (!isDone) throw new Refusal('already_done');
    }
  }
}

/** Nobody hands over what they have not had made themselves, and so could look through. @throws {Refusal} invalid, not_found */
async function requireHandable(
  env: Env,
  staff: Staff,
  { kind, visitor }: RequestRow,
  id: CopyId,
  now: number,
): Promise<void> {
  if (kind !== 'access' && kind !== 'portability') throw new Refusal('invalid', 'copy: not asked for');
  const copy = await copyOf(env, id, now);
  const isTheirs = copy?.asker === staff.id && copy.visitor === visitor;
  if (!isTheirs || copy.state !== 'ready') throw new Refusal('not_found', 'There is no such copy.');
  // It is to the key of whoever asked for it, or of the organisation: its person could not open it.
  if (copy.openpgp) throw new Refusal('invalid', 'copy: sealed to an OpenPGP key, which is not theirs');
}

function refuseIf(code: ConstructorParameters<typeof Refusal>[0] | undefined): void {
  if (code !== undefined) throw new Refusal(code);
}

/** Seals and stores something of it, and once more where it was sealed anew under another key in between. */
async function written(
  env: Env,
  row: RequestRow,
  sealAndStore: (row: RequestRow) => Promise<boolean>,
): Promise<boolean> {
  if (await sealAndStore(row)) return true;
  const now = await new RequestStore(env.DB).find(row.id);
  const isAnother = now?.key && row.key && !isSameKey(now.key, row.key);
  return isAnother ? written(env, now, sealAndStore) : false;
}

/** Null: what was said in it was erased, with its person. */
async function sealed(
  env: Env,
  row: RequestRow,
  name: 'extension' | 'answer',
  text: string,
): Promise<Uint8Array | null> {
  const key = await requestKeyOf(env, row);
  return key === null ? null : sealSaid(key, row.id, name, await maskedOn(env, row.site, text));
}

/** As in messages: what was there before is nowhere after. */
async function maskedOn(env: Env, site: SiteId, text: string | null): Promise<string | null> {
  if (text === null) return null;
  const kinds = kindsOf((await siteOf(env, site))?.settings.masking ?? plainMasking);
  return masked(text, kinds).text;
}
