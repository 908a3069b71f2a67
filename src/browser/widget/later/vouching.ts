/** A page whose site vouches for its customers is asked for a token each time that this browser needs a new hold. */
import { effect } from '@preact/signals-core';
import { limits } from '../../../protocol/limits.ts';
import type { VisitorSession } from '../../../protocol/visitors.ts';
import { ApiError } from '../../api.ts';
import type { Chat } from '../chat.ts';
import { hostOrigin, page, tell } from '../host.ts';

type Ask = (says: object) => Promise<VisitorSession>;

/** A page that does not answer is not waited for longer: what this browser holds goes on. */
const patience = 5_000;
/** Takes what the page says, as long as somebody waits for it. */
let take: ((token: string) => void) | null = null;
let heeding = false;

/** Whoever the page says is here now is not who was here before, for as long as that is not sure. */
export async function renewAsVouched(chat: Chat, ask: Ask): Promise<VisitorSession> {
  heed(chat);
  const before = chat.visitor.grant.peek()?.visitor.id;
  const token = await saidByPage();
  const grant = await (token === null ? ask({}) : said(token.trim(), ask));
  if (before !== undefined && before !== grant.visitor.id) chat.changeHands();
  return grant;
}

function heed(chat: Chat): void {
  if (heeding) return;
  heeding = true;
  const { visitor } = chat;
  // Unasked, the page says that it has signed somebody in or out.
  window.addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || origin !== hostOrigin || !isToken(data)) return;
    if (take === null) void visitor.refresh().catch(() => {});
    else take(data.token);
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

function isToken(data: unknown): data is { sotto: 'vouch'; token: string } {
  if (typeof data !== 'object' || data === null || !('sotto' in data) || !('token' in data)) return false;
  return data.sotto === 'vouch' && typeof data.token === 'string';
}
