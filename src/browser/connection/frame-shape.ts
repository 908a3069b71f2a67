/**
 * A light look at what the server says, in place of the full schemas, which would double the widget's size. It
 * comes from our own origin; this keeps out frames of a later version whose shape is not ours.
 */
import type { InboxServerFrame, ServerFrame } from '../../protocol/frames.ts';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isListOf = (value: unknown, isItem: (item: Fields) => boolean) =>
  Array.isArray(value) && value.every((item: unknown) => isObject(item) && isItem(item));
const isConversation = (value: unknown) => isObject(value) && typeof value['state'] === 'string';
const isMessage = ({ seq, id, at, from }: Fields) =>
  Number.isSafeInteger(seq) && typeof id === 'string' && typeof at === 'number' && isObject(from);
const isPerson = ({ id }: Fields) => typeof id === 'string';
const isEntry = ({ id, version }: Fields) => typeof id === 'string' && typeof version === 'number';
const isRefusal = ({ code, detail }: Fields) => typeof code === 'string' && typeof detail === 'string';
const isYou = (value: unknown) =>
  isObject(value) && isObject(value['from']) && typeof value['until'] === 'number';

type Shapes = Record<string, (frame: Fields) => boolean>;

const conversationShapes = {
  welcome: ({ conversation, you, epoch, head, people }) =>
    isConversation(conversation) &&
    isYou(you) &&
    typeof epoch === 'string' &&
    Number.isSafeInteger(head) &&
    isListOf(people, isPerson),
  messages: ({ messages }) => isListOf(messages, isMessage),
  refused: isRefusal,
  people: ({ people }) => isListOf(people, isPerson),
  changed: ({ conversation }) => isConversation(conversation),
  renewed: ({ until }) => typeof until === 'number',
} satisfies Record<ServerFrame['type'], Shapes[string]>;

const inboxShapes = {
  list: ({ until, entries }) => typeof until === 'number' && isListOf(entries, isEntry),
  entry: ({ entry }) => isObject(entry) && isEntry(entry),
  refused: isRefusal,
  renewed: ({ until }) => typeof until === 'number',
} satisfies Record<InboxServerFrame['type'], Shapes[string]>;

export function isServerFrame(frame: { type: string }): frame is ServerFrame {
  return fits(conversationShapes, frame);
}

export function isInboxFrame(frame: { type: string }): frame is InboxServerFrame {
  return fits(inboxShapes, frame);
}

function fits(shapes: Shapes, frame: { type: string }): boolean {
  return Object.hasOwn(shapes, frame.type) && shapes[frame.type]?.(frame) === true;
}
