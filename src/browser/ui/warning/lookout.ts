/** Looks through what somebody is about to send in one conversation, and holds it back once if they had better think. */
import { type Signal, signal } from '@preact/signals-core';
import { limits } from '../../../protocol/limits.ts';
import { type MaskedKind, maskedKinds } from '../../../protocol/marks.ts';
import { findSensitive } from '../../../protocol/masking.ts';

export interface Found {
  readonly text: string;
  /** What would be masked in it. */
  readonly masked: readonly MaskedKind[];
  /** Whether it holds words of health or of the other special categories. */
  readonly special: boolean;
  /** Where the first of it stands. */
  readonly from: number;
  readonly to: number;
}

export class Lookout {
  /** What somebody is warned of right now. It stands for as long as they have not changed their text. */
  readonly found: Signal<Found | null> = signal(null);
  #hasToldOfSpecial = false;

  /**
   * Whoever was warned of a text and sends it again as it is means it.
   * @param kinds what is masked here
   */
  mayGo(text: string, kinds: readonly MaskedKind[]): boolean {
    const before = this.found.peek();
    this.found.value = before?.text === text ? null : this.#look(text, kinds);
    return this.found.value === null;
  }

  dismiss(): void {
    this.found.value = null;
  }

  #look(text: string, kinds: readonly MaskedKind[]): Found | null {
    // Nobody can send that anyhow.
    if (text.length > limits.textBytes) return null;
    const spans = findSensitive(text, this.#hasToldOfSpecial ? kinds : [...kinds, 'special']);
    const [first] = spans;
    if (first === undefined) return null;
    const has = (kind: string) => spans.some((span) => span.kind === kind);
    // They are said once: people talk about such things on purpose.
    if (has('special')) this.#hasToldOfSpecial = true;
    const { from, to } = first;
    return { text, masked: maskedKinds.filter(has), special: has('special'), from, to };
  }
}
