/**
 * What is sensitive in a message, and the message without it (docs/PRIVACY.md). The Worker masks before anything is
 * kept or passed on; browsers ask the same before they send, so that whoever writes is warned.
 */
import { findCards } from './masking/cards.ts';
import { fold } from './masking/folding.ts';
import { apart, covered, type Finder, replaced } from './masking/hits.ts';
import { findIbans } from './masking/ibans.ts';
import { type MaskedKind, maskedKinds, marks } from './marks.ts';
import { findNationalIds } from './masking/national-ids.ts';
import { findKeys, findNamedSecrets } from './masking/secrets.ts';
import { findSpecial } from './masking/special.ts';

/** `special`: words of health and of the other special categories, which are never masked. */
export type SensitiveKind = MaskedKind | 'special';
export interface Sensitive {
  kind: SensitiveKind;
  from: number;
  to: number;
  /** What is shown in its place. */
  shown: string;
}

/** In this order: what one has found the next does not look at, so that no half of a number is left. */
const finders: readonly { kind: SensitiveKind; find: Finder }[] = [
  { kind: 'secret', find: findKeys },
  { kind: 'iban', find: findIbans },
  { kind: 'card', find: findCards },
  { kind: 'nationalId', find: findNationalIds },
  { kind: 'secret', find: findNamedSecrets },
  { kind: 'special', find: findSpecial },
];

/** Stretches of the text, in order and apart from one another. */
export function findSensitive(text: string, kinds: readonly SensitiveKind[]): Sensitive[] {
  const folded = fold(text);
  let { plain } = folded;
  const spans: Sensitive[] = [];
  for (const { kind, find } of finders) {
    if (!kinds.includes(kind)) continue;
    const hits = find(plain);
    spans.push(...hits.map(({ from, to, shown }) => ({ kind, shown, ...folded.place(from, to) })));
    if (hits.length > 0) plain = covered(plain, hits);
  }
  return apart(spans);
}

/** More than this nobody has written by accident. */
const mostPasses = 8;

/** The text with all of these masked, until nothing more is found: masking it again changes nothing. */
export function masked(text: string, kinds: readonly MaskedKind[]): { text: string; found: MaskedKind[] } {
  const found = new Set<SensitiveKind>();
  let left = text;
  for (let pass = 0; pass < mostPasses; pass++) {
    const spans = findSensitive(left, kinds);
    if (spans.length === 0) return { text: left, found: maskedKinds.filter((kind) => found.has(kind)) };
    for (const { kind } of spans) found.add(kind);
    left = replaced(left, spans, ({ shown }) => shown);
  }
  return { text: marks.secret, found: maskedKinds.filter((kind) => found.has(kind) || kind === 'secret') };
}
