/** What is said of what is sensitive, in English until a face speaks another language; fetched with what warns. */
import type { MaskedKind } from '../../../protocol/marks.ts';

const english = {
  kinds: {
    card: 'card details',
    iban: 'an account number',
    nationalId: 'an identity number',
    secret: 'a password or key',
  } satisfies Record<MaskedKind, string> as Record<MaskedKind, string>,
  looksLike: (what: string) =>
    `This looks like ${what}. If you send it, that part is masked, and nobody can read it.`,
  special:
    'This seems to be about health, or something else that is very personal. It goes as you wrote it: tell no more of it than is needed.',
  change: 'Change it',
  again: 'Send it all the same',
  masked: (what: string) => `Masked here: ${what}. Nobody can read it.`,
};
export type WarningWords = typeof english;

export let words: WarningWords = english;

/** To be called before anything is shown; null is English. */
export function speak(spoken: WarningWords | null): void {
  words = spoken ?? english;
}
