/**
 * A conversation by mail, as its customer sees it, as an OpenPGP message: to the address that is proved to be theirs, or,
 * under the organisation's key, to whoever on staff asks for it. In the clear none is mailed: what lies in mailboxes
 * nobody can call back, and whoever has no key downloads it.
 */
import { conversationOf } from '../chat/conversation.ts';
import { siteOf } from '../chat/sites.ts';
import type { Env } from '../config.ts';
import { mailSealed } from '../people/mail.ts';
import type { Asker } from '../people/permission.ts';
import { refusedPgp } from '../people/pgp.ts';
import { StaffDirectory } from '../people/staff.ts';
import { factsOfVisitor } from '../people/visitor.ts';
import type { ConversationId, PersonId, VisitorId } from '../protocol/ids.ts';
import { lifetimes, limits } from '../protocol/limits.ts';
import { Refusal } from '../protocol/refusals.ts';
import type { PgpKey } from '../vault.ts';
import { TranscriptStore } from './transcripts/store.ts';
import { headOf, lineOf, type Reader, wordsFor } from './transcripts/text.ts';

/** `side`: which asks for it. `reader`: whoever on staff it goes to; null: its customer. */
type Wish = {
  id: ConversationId;
  visitor: VisitorId;
  key: PgpKey;
  side: Asker['kind'];
  reader: PersonId | null;
};

/** @throws {Refusal} address_unproved, too_large, too_fast, pgp_unfit, not_found */
export async function mailConversation(
  env: Env,
  { id, visitor, key, side, reader }: Wish,
  now: number,
): Promise<void> {
  const address = reader === null ? await provedAddress(env, visitor) : await addressOf(env, reader);
  // Before the text is read, which costs more than all else. Whoever asks for one that is too large waits as well.
  if (!(await new TranscriptStore(env.DB).begin(id, side, now - lifetimes.transcriptAgain, now)))
    throw new Refusal('too_fast');
  const text = await textOf(env, id, visitor, reader === null ? 'customer' : 'staff');
  await mailSealed(env, address, text, key.armoured, now).catch((error: unknown) => {
    throw refusedPgp(error);
  });
}

/** @throws {Refusal} address_unproved */
async function provedAddress(env: Env, visitor: VisitorId): Promise<string> {
  const { address, proof } = await factsOfVisitor(env, visitor);
  if (address === null || proof.address === null) throw new Refusal('address_unproved');
  return address;
}

/** @throws {Refusal} not_found */
async function addressOf(env: Env, reader: PersonId): Promise<string> {
  const member = await new StaffDirectory(env).byId(reader);
  if (member === undefined) throw new Refusal('not_found');
  return member.address();
}

async function textOf(env: Env, id: ConversationId, visitor: VisitorId, reader: Reader): Promise<string> {
  const room = conversationOf(env, id);
  const talk = await room.toCopy(visitor);
  if (talk === undefined) throw new Refusal('not_found');
  const words = wordsFor(talk, reader);
  let text = headOf(words, (await siteOf(env, talk.view.site))?.name ?? '');
  for (let place = { seq: 0, n: 0 }; ;) {
    const page = await room.messagesToCopy(visitor, place, 'visitor', limits.pageMessages);
    for (const message of page) text += lineOf(words, talk, message);
    if (text.length > limits.transcriptLength) throw new Refusal('too_large');
    const last = page.at(-1);
    if (last === undefined || page.length < limits.pageMessages) return text;
    place = { seq: last.seq, n: 0 };
  }
}
