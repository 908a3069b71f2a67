/** What stands in the place of what was masked: the same words in every language, for screens to say in their own. */

export const maskedKinds = ['card', 'iban', 'nationalId', 'secret'] as const;
export type MaskedKind = (typeof maskedKinds)[number];

/** What is masked until a site says otherwise. */
export const plainMasking = { cards: true, ibans: false, nationalIds: false, secrets: true };
export type Masking = typeof plainMasking;

/** How a site's setting is called for each kind. */
export const settingOf = {
  card: 'cards',
  iban: 'ibans',
  nationalId: 'nationalIds',
  secret: 'secrets',
} as const satisfies Record<MaskedKind, keyof Masking>;

export function kindsOf(masking: Masking): MaskedKind[] {
  return maskedKinds.filter((kind) => masking[settingOf[kind]]);
}

export const cardMark = (lastFour: string) => `•••• •••• •••• ${lastFour}`;
export const marks = {
  securityCode: '[••• cvc]',
  iban: '[••• iban]',
  nationalId: '[••• id]',
  secret: '[••• secret]',
} as const;

const mark = /(?:•{4} ){3}\d{4}(?!\d)|\[••• (?:cvc|iban|id|secret)\]/g;
const kindOfMark: Readonly<Record<string, MaskedKind>> = {
  [marks.securityCode]: 'card',
  [marks.iban]: 'iban',
  [marks.nationalId]: 'nationalId',
  [marks.secret]: 'secret',
};

/** What nothing is found in, nor across. */
export const cover = '•';

/** The text with its marks covered, as long as before. */
export function withoutMarks(text: string): string {
  return text.includes(cover) ? text.replace(mark, (found) => cover.repeat(found.length)) : text;
}

/** Which kinds a text's own marks say that were masked in it. Whoever writes a mark by hand gets the same. */
export function maskedIn(text: string): MaskedKind[] {
  if (!text.includes(cover)) return [];
  const found = new Set([...text.matchAll(mark)].map(([each]) => kindOfMark[each] ?? 'card'));
  return maskedKinds.filter((kind) => found.has(kind));
}
