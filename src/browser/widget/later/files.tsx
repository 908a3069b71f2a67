/** Files as a customer has them: on their way from here, and in the thread. */
import { effect, signal } from '@preact/signals-core';
import type { FileRules } from '../../../protocol/bodies.ts';
import type { Message } from '../../../protocol/frames.ts';
import { ApiError } from '../../api.ts';
import { type ConversationClient, inBrowser } from '../../connection.ts';
import { type As, Choosing, File, type FilesWords, openFile, speak, Tray, Uploads } from '../../ui/files.ts';
import css from '../../ui/files/files.css?inline';
import { warnWhile } from '../../ui/unsent.ts';
import type { Chat } from '../chat.ts';
import { regainFocus } from '../focus.ts';
import { live } from '../live.ts';
import { wear } from '../sheet.ts';
import { proves } from './proving.ts';

export { aloud, lineOf } from '../../ui/files.ts';

wear(css);
const folder = '../../ui/files/words/';
const others = import.meta.glob<FilesWords>('../../ui/files/words/*.ts', { import: 'default' });
const { lang } = document.documentElement;
// Whatever goes wrong on the way, there is English.
speak((await others[`${folder}${lang}.ts`]?.().catch(() => null)) ?? null);

interface Here {
  readonly client: ConversationClient;
  readonly uploads: Uploads;
  readonly choosing: Choosing;
}

const noFiles: FileRules = { groups: [], bytes: 0, days: 0, sensitive: 'some', code: false };
/** Of the conversation that is shown; what was on its way into another ends with it. */
const here = signal<Here | null>(null);
let chat: Chat | null = null;
warnWhile(() => here.value?.uploads.underWay() === true);

/** A page has one chat. */
export function begin(of: Chat): void {
  if (chat !== null) return;
  chat = of;
  effect(() => {
    const client = of.client.value;
    const before = here.peek();
    if (before?.client === client) return;
    before?.uploads.end();
    here.value = client && newHere(of, client);
  });
}

function newHere({ visitor, site }: Chat, client: ConversationClient): Here {
  const uploads = new Uploads(client, visitor, inBrowser);
  return { client, uploads, choosing: new Choosing(uploads, () => site.value?.settings.files ?? noFiles) };
}

/** Shows what can be sent. */
export function choose(of: Chat): void {
  begin(of);
  if (here.value !== null) here.value.choosing.open.value = true;
}

/** What is held over the chat, and let go there. */
export function take(of: Chat, given: readonly globalThis.File[], over: boolean): void {
  begin(of);
  const choosing = here.value?.choosing;
  if (choosing === undefined) return;
  choosing.over.value = over;
  if (given.length > 0) void choosing.take(given);
}

const LiveTray = live(Tray);

export const ChatTray = live(() => {
  if (here.value === null) return null;
  const { choosing, uploads } = here.value;
  return (
    <LiveTray choosing={choosing} uploads={uploads} onClose={() => requestAnimationFrame(regainFocus)} />
  );
});

export function FileInThread({ message: { file } }: { message: Message }) {
  return file === undefined ? null : <File file={file} open={(as) => open(file.id, as)} />;
}

async function open(file: string, as: As): Promise<string | null> {
  if (chat === null) return null;
  const { visitor, client } = chat;
  const opened = () => openFile(visitor, client.value?.id ?? '', file, { as });
  try {
    return await opened();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'code_needed') throw error;
    return (await proves({ about: 'open' })) ? opened() : null;
  }
}
