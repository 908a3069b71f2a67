/** A page whose site vouches for its customers is asked for a token each time that this browser needs a new hold. */
import { effect } from '@preact/signals-core';
import { limits } from '../../../protocol/limits.ts';
import type { VisitorSession } from '../../../protocol/visitors.ts';
import { ApiError } from '../../api.ts';
import type { Chat } from '../chat.ts';
import { hostOrigin, page, tell } from '../host.ts';

type Ask = (says: object) => Promise<VisitorSession>;

/** A page that does not answer is not waited for longer, and is asked again after that. */
const patience = 5_000;
const pause = 60_000;
/** Takes what the page says, as long as somebody waits for it. */
let take: ((token: string) => void) | null = null;
let heeding = false;
/** Whether somebody else may be here than this browser holds: a page that begins, or says that it has changed, knows. */
let unsure = true;

/** Whoever the page says is here now is not who was here before, for as long as that is not sure. */
export async function renewAsVouched(chat: Chat, ask: Ask): Promise<VisitorSession> {
  heed(chat);
  const before = chat.visitor.grant.peek()?.visitor.id;
  const word = await saidByPage();
  if (word !== null) unsure = false;
  // A page that falls silent has signed nobody out. One that has said nothing yet may have: then the chat is nobody's.
  const grant = await (word === null && !unsure ? ask({}) : said((word ?? '').trim(), ask));
  if (before !== undefined && before !== grant.visitor.id) chat.changeHands();
  if (unsure) askAgain(chat);
  return grant;
}

/** For as long as nobody has written, whom the page names takes nothing away from them. */
function askAgain({ visitor, client, outgoing }: Chat): void {
  // For whoever builds the page.
  console.error('Sotto: The page does not say who is signed in. Until it does, the chat is nobody’s.');
  setTimeout(() => {
    if (unsure && client.peek() === null && outgoing.peek().length === 0) void renew(visitor);
  }, pause);
}

/** Whatever goes wrong, the next occasion comes. */
async function renew(visitor: Chat['visitor']): Promise<void> {
  await visitor.refresh().catch(() => {});
}

function heed(chat: Chat): void {
  if (heeding) return;
  heeding = true;
  const { visitor } = chat;
  window.addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || origin !== hostOrigin || !isWord(data)) return;
    if (data.token !== undefined && take !== null) {
      take(data.token);
      return;
    }
    // Unasked, the page says that it has signed somebody in or out. What was on its way then was of before.
    unsure = true;
    if (take !== null) tell({ sotto: 'vouch' });
    else void renew(visitor).then(() => (unsure ? renew(visitor) : undefined));
  });
  // Where the site has proved all that it asks, nothing is left to say.
  effect(() => {
    const questions = chat.site.value?.settings.questions;
    const proof = visitor.grant.value?.visitor.proof;
    if (questions === undefined || proof === undefined || chat.introduction.value !== null) return;
    if (questions.every(({ kind }) => kind !== 'text' && proof[kind] !== null)) chat.introduce({});
  });
}

/** The page's token, empty for nobody; null where it does not answer. */
async function saidByPage(): Promise<string | null> {
  const answer = new Promise<string>((resolve) => {
    take = resolve;
  });
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patience));
  // It can be asked from its first word on.
  const stop = effect(() => {
    if (page.value !== undefined) tell({ sotto: 'vouch' });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    take = null;
    stop();
  }
}

/** Whom a page claims in vain is nobody, rather than whoever was here before. */
async function said(token: string, ask: Ask): Promise<VisitorSession> {
  try {
    return await ask({ vouch: token === '' ? null : token.slice(0, limits.tokenLength + 1) });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'vouch_refused') throw error;
    // For whoever builds the page.
    console.error(`Sotto: ${error.detail}`);
    return ask({ vouch: null });
  }
}

/** A token, or, without one, that there is something new to ask for. */
function isWord(data: unknown): data is { sotto: 'vouch'; token?: string } {
  if (typeof data !== 'object' || data === null || !('sotto' in data)) return false;
  const { sotto, token } = data as { sotto: unknown; token?: unknown };
  return sotto === 'vouch' && (token === undefined || typeof token === 'string');
}
