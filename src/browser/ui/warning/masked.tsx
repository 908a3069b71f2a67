/** Below a message: that something in it was masked, and what. */
import type { MaskedKind } from '../../../protocol/marks.ts';
import { kindsIn } from './saying.ts';
import { words } from './words.ts';

export function Masked({ kinds }: { kinds: readonly MaskedKind[] }) {
  return (
    <span class="masked soft" dir="auto">
      {words.masked(kindsIn(kinds))}
    </span>
  );
}
