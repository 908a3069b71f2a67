/** What each part of the screen that assigns lessons is given. */
import type { Signal } from '@preact/signals';
import type { AssignmentsAnswer } from '../../../../protocol/training.ts';
import type { Session } from '../../session.ts';

export interface AssigningProps {
  api: Session['api'];
  answer: Signal<AssignmentsAnswer>;
  /** In how many days what is asked anew is to be taken. */
  days: Signal<string>;
  changed: () => void;
}

/** From when on what is asked anew is to be taken; null: from now on, by the server's clock. */
export function startOf(days: string, now: number): number | null {
  return days === '0' ? null : now + Number(days) * 86_400_000;
}
