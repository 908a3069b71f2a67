import { conversationOf } from '../../../chat/conversation.ts';
import { isId } from '../../../protocol/ids.ts';
import { fromBase64url } from '../../../vault.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';
import { whyReadable } from '../readable.ts';

const looked = 20;
const sealedValue = 0x11;

export const sealedConversations: Check = {
  id: 'sealed-conversations',
  group: 'data',
  title: 'What people wrote is sealed',
  measures: `The rows of up to ${looked} conversations, picked by chance, as they lie in their objects: whether every message and all that is known of the customer is an envelope, and nothing in it can be read.`,
  why: 'Conversations are what Sotto is there to keep.',
  answers: {
    asvs: ['11.3.2', '11.3.3', '14.2.4'],
    csf: ['PR.DS-01'],
    gdpr: ['Art. 32(1)(a)', 'Art. 34(3)(a)'],
    hipaa: ['164.312(a)(2)(iv)'],
    cis: ['3.11'],
  },
  fix: {
    how: 'Something writes past the vault. Treat it as a leak: find what wrote it, and seal the conversation anew.',
    place: 'keys',
  },
  async run({ env }) {
    const ids = (await new Facts(env.DB).conversationIds(looked)).filter((id) => isId('conversation', id));
    const images = await Promise.all(
      ids.map(async (id) => ({ id, text: (await conversationOf(env, id).image(null, null))?.text ?? '' })),
    );
    const rows = images.map(({ id, text }) => ({ id, values: sealedIn(text) }));
    const values = rows.reduce((sum, each) => sum + each.values.length, 0);
    if (values === 0) return notRun('There is no conversation yet.');
    const clear = rows.filter((each) => each.values.some((value) => !isSealed(value))).map(({ id }) => id);
    const found = { conversations: ids.length, values, clear: named(clear) };
    return clear.length === 0
      ? passed(`${counted(values, 'value')} of ${counted(ids.length, 'conversation')}, all sealed.`, found)
      : failed(`${counted(clear.length, 'conversation')} with something that is not sealed.`, found);
  },
};

type Cells = Record<string, unknown>;
/** What a conversation holds sealed, in a message's row and in its own. */
const ofMessage = ['sealed'];
const ofConversation = ['page', 'customer', 'tags', 'comment'];

function sealedIn(text: string): Uint8Array[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { message, beside } = JSON.parse(line) as { message?: Cells; beside?: { conversation: Cells } };
      return [...bytesOf(message ?? {}, ofMessage), ...bytesOf(beside?.conversation ?? {}, ofConversation)];
    });
}

function bytesOf(row: Cells, columns: readonly string[]): Uint8Array[] {
  return columns.flatMap((column) => {
    const cell = row[column] as { b: string } | string | undefined;
    if (typeof cell === 'string') return [new TextEncoder().encode(cell)];
    const bytes = cell && fromBase64url(cell.b);
    // What was taken away left nothing.
    return bytes === undefined || bytes.length === 0 ? [] : [bytes];
  });
}

function isSealed(bytes: Uint8Array): boolean {
  return bytes[0] === sealedValue && whyReadable(bytes) === undefined;
}
