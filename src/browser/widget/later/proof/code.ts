/** Has a code mailed, and gives it back. Refusals are thrown as they are. */
import type { CodeAnswer, VisitorSession } from '../../../../protocol/visitors.ts';
import { request } from '../../../api.ts';
import type { Chat } from '../../chat.ts';

/** What for: by itself, to open a file, or to go on here with what was said on another device. */
export type Wish = 'prove' | 'open' | 'continue';

/** The page that this frame is stands at the site's id. */
const site = () => `/api/v1/sites/${location.pathname.split('/').at(-1) ?? ''}/visitor`;
/** A token has to outlive what it is used for. */
const margin = 60_000;

export async function askForCode(chat: Chat, wish: Wish, address: string): Promise<CodeAnswer> {
  const conversation = `/api/v1/conversations/${encodeURIComponent(chat.client.value?.id ?? '')}`;
  const path = `${wish === 'continue' ? site() : conversation}/codes`;
  return chat.visitor.post<CodeAnswer>(path, { address, language: document.documentElement.lang });
}

/** It is a renewal, so that tabs take turns with it: from then on this browser's cookie is another one. */
export async function giveCode(chat: Chat, address: string, code: string): Promise<void> {
  const { visitor } = chat;
  const grant = visitor.grant.peek();
  const lasts = grant !== null && grant.expires - visitor.serverNow() > margin;
  const { access, visitor: before } = lasts ? grant : await visitor.renew();
  const usual = visitor.renewing;
  const turn = { taken: false };
  visitor.renewing = async () => {
    const path = `${site()}/proof`;
    const proved = await request<VisitorSession>({
      method: 'POST',
      path,
      body: { address, code },
      token: access,
    });
    turn.taken = true;
    if (proved.visitor.id !== before.id) chat.changeHands();
    return proved;
  };
  try {
    // One that was under way already is another.
    while (!turn.taken) await visitor.renew();
  } finally {
    visitor.renewing = usual;
  }
}
