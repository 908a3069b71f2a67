/** What staff ask of the ledger. */
import * as v from 'valibot';
import { addressSchema } from './fields.ts';
import { ledgerActions } from './ledger.ts';
import { pgpWishSchema } from './pgp.ts';

const id = v.pipe(v.string(), v.regex(/^[a-z]{3}_[A-Za-z0-9_-]{22}$/, 'not an id'));
const time = v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'not Unix milliseconds'), v.transform(Number));
const mostActions = 40;
/**
 * Each narrows what is found. `about`: an id that stands anywhere in an entry, as who did it, as what it was done to, or
 * as whom it concerns. `action`: one of these, between commas. `from` and before `to`: Unix milliseconds.
 */
const filter = {
  actor: v.optional(id),
  about: v.optional(id),
  action: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(',')),
      v.array(v.picklist(ledgerActions)),
      v.maxLength(mostActions, 'longer than allowed'),
    ),
  ),
  from: v.optional(time),
  to: v.optional(time),
};
/** `before`: what `next` said of the page before. */
export const ledgerQuery = v.strictObject({
  ...filter,
  before: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}\.\d{1,15}$/, 'not where a page ended'))),
});
export type LedgerFilter = Omit<v.InferOutput<typeof ledgerQuery>, 'before'>;

/**
 * `csv`: the entries that were looked for, for a spreadsheet. `ndjson`: with a `filter`, if an empty one, the same, one on a
 * line; without, the whole ledger with its tiles and checkpoints, for `npm run ledger:verify`. `openpgp`: to whom it is
 * encrypted.
 */
export const ledgerExportRequest = v.strictObject({
  format: v.picklist(['csv', 'ndjson']),
  filter: v.optional(v.strictObject(filter)),
  openpgp: v.optional(pgpWishSchema),
});

/** Who is sent the ledger's head once a day; null: nobody. */
export const witnessRequest = v.strictObject({ address: v.nullable(addressSchema) });
export type WitnessAnswer = { address: string | null };
