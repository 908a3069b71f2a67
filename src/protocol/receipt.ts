/**
 * Receipts: what became of what somebody asked about their own data, as a signed note (C2SP signed-note) that anybody can
 * check. The format: docs/PRIVACY.md.
 */
import * as v from 'valibot';
import { idSchema } from './ids.ts';
import { type NoteKey, openNote } from './ledger-proof.ts';
import { refusalGrounds, requestKinds, requestLaws } from './privacy.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const asked = {
  /** The host of the Sotto that answered it; its ledger's key signs. */
  from: v.string(),
  request: idSchema('request'),
  kind: v.picklist(requestKinds),
  visitor: idSchema('visitor'),
  asked: time,
};
const receiptSchema = v.union([
  v.strictObject({
    ...asked,
    done: time,
    /** How many conversations were erased. */
    conversations: v.exactOptional(v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d{0,8})$/))),
  }),
  v.strictObject({
    ...asked,
    refused: time,
    law: v.picklist(requestLaws),
    ground: v.picklist(refusalGrounds),
  }),
]);
export type Receipt = v.InferOutput<typeof receiptSchema>;

/** No head of a ledger begins so, and no receipt can be taken for one. */
const head = 'sotto-receipt/1';
const order = [...Object.keys(asked), 'done', 'conversations', 'refused', 'law', 'ground'];

/** The lines that are signed, in this order. */
export function receiptText(receipt: Receipt): string {
  const fields = new Map(Object.entries(receipt));
  const lines = order.flatMap((name) => (fields.has(name) ? [`${name} ${fields.get(name)}`] : []));
  return `${[head, ...lines].join('\n')}\n`;
}

/** @returns undefined: not a receipt, or not signed by the one of these keys that is its Sotto's */
export async function readReceipt(note: string, keys: readonly NoteKey[]): Promise<Receipt | undefined> {
  const receipt = parsed(note.slice(0, note.lastIndexOf('\n\n') + 1));
  if (receipt === undefined) return undefined;
  const own = keys.filter(({ name }) => name === `${receipt.from}/ledger`);
  return (await openNote(note, own)) === undefined ? undefined : receipt;
}

function parsed(text: string): Receipt | undefined {
  const [first, ...lines] = text.split('\n').slice(0, -1);
  const fields = lines.map((line) => line.split(' ') as [string, string]);
  const read = v.safeParse(receiptSchema, Object.fromEntries(fields));
  // One receipt has one spelling.
  return first === head && read.success && receiptText(read.output) === text ? read.output : undefined;
}
