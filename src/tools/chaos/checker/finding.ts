/** A promise that was not kept. */
export const kinds = [
  'lost',
  'doubled',
  'out of order',
  'changed',
  'shown to the wrong one',
  'seen differently',
  'inbox disagrees',
  'not healed',
  'rule broken',
] as const;
export type Kind = (typeof kinds)[number];
export interface Finding {
  readonly kind: Kind;
  readonly what: string;
}
