/**
 * A light look at what the server says, in place of the full schemas, which would double the widget's size. It
 * comes from our own origin; this keeps out frames of a later version whose shape is not ours.
 */
import type { ServerFrame } from '../../protocol/frames.ts';

/** What a value has to be like: the same type, for an object the same fields and more, for a list every item. */
export type Example = string | number | boolean | readonly Example[] | { readonly [field: string]: Example };
export type Examples<Type extends string> = Readonly<Record<Type, Example>>;

const people = [{ id: '' }];
const mark = { from: {}, seq: 0 };

const examples: Examples<ServerFrame['type']> = {
  welcome: {
    conversation: { state: '' },
    you: { from: {}, until: 0 },
    epoch: '',
    head: 0,
    people,
    read: [mark],
  },
  messages: { messages: [{ ...mark, id: '', at: 0 }] },
  refused: { code: '', detail: '' },
  people: { people },
  changed: { conversation: { state: '' } },
  removed: { removals: [{ seq: 0, removed: {} }] },
  file: { seq: 0, file: { state: '' } },
  typing: { from: {}, on: true },
  read: mark,
  present: { present: { staff: [] } },
  renewed: { until: 0 },
};

export function isServerFrame(frame: { type: string }): frame is ServerFrame {
  return fits(examples, frame);
}

export function fits(examples: Examples<string>, frame: { type: string }): boolean {
  const example = Object.hasOwn(examples, frame.type) ? examples[frame.type] : undefined;
  return example !== undefined && isLike(example, frame);
}

function isLike(example: Example, value: unknown): boolean {
  if (Array.isArray(example)) {
    const [like = {}] = example as readonly Example[];
    return Array.isArray(value) && value.every((item) => example.length === 0 || isLike(like, item));
  }
  if (typeof example === 'number') return Number.isSafeInteger(value);
  if (typeof example !== 'object') return typeof value === typeof example;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(example).every(([field, like]) =>
    isLike(like, (value as Record<string, unknown>)[field]),
  );
}
