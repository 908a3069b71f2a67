import { expect, test } from 'vitest';
import published from '../../../../docs/vectors/ledger.json' with { type: 'json' };
import { toBase64url } from '../../../vault.ts';
import { historyDigest, messageDigest } from './digest.ts';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const digestOf = (messages: (typeof published.conversation)[number]['messages']) =>
  toBase64url(
    historyDigest(
      messages.map(({ sealed, ...message }) => messageDigest({ ...message, sealed: bytes(sealed) })),
    ),
  );

test('L9 L17 the digest of a conversation is the published one, and another as soon as anything is', () => {
  for (const vector of published.conversation)
    expect(digestOf(vector.messages) === vector.digest, vector.why).toBe(!('refused' in vector));
});
