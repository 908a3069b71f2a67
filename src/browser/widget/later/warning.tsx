/** Warns customers before something sensitive goes, and says in the thread what was masked. Fetched with the first letter. */
import { effect, signal } from '@preact/signals-core';
import { kindsOf, plainMasking } from '../../../protocol/marks.ts';
import { guard, type Guarded, Lookout, speak, Warning, type WarningWords } from '../../ui/warning.ts';
import css from '../../ui/warning/warning.css?inline';
import type { Chat } from '../chat.ts';
import { live } from '../live.ts';
import { outcome } from '../question.ts';
import { wear } from '../sheet.ts';

export { Masked } from '../../ui/warning.ts';

const folder = '../../ui/warning/words/';
const others = import.meta.glob<WarningWords>('../../ui/warning/words/*.ts', { import: 'default' });
const { lang } = document.documentElement;
// Whatever goes wrong on the way, there is English.
speak((await others[`${folder}${lang}.ts`]?.().catch(() => null)) ?? null);
wear(css);

const LiveWarning = live(Warning);
let begun = false;

/** A page has one chat. */
export function begin(chat: Chat): void {
  if (begun) return;
  begun = true;
  const lookout = signal(new Lookout());
  const guarded: Guarded = {
    form: () => document.querySelector('form.composer'),
    text: chat.draft,
    kinds: () => kindsOf(chat.site.value?.settings.masking ?? plainMasking),
    lookout: () => lookout.value,
  };
  const shown = { text: <LiveWarning guarded={guarded} />, failed: false };
  guard(guarded);
  effect(() => {
    // The next conversation is another one.
    if (chat.client.value === null) lookout.value = new Lookout();
  });
  effect(() => {
    if (lookout.value.found.value?.text === chat.draft.value) outcome.value = shown;
    else if (outcome.peek() === shown) outcome.value = null;
  });
}
