/** What is held back now: since when, by whom and why, and the way back. */
import type { Containment } from '../../../../protocol/containment.ts';
import { Button } from '../../../ui/button.tsx';
import type { NameOf } from '../ledger/saying.ts';
import { words } from './words.ts';

interface Props {
  rows: readonly Containment[];
  nameOf: NameOf;
  busy: boolean;
  undo: (row: Containment) => void;
}

export function HeldBack({ rows, nameOf, busy, undo }: Props) {
  if (rows.length === 0) return <p class="nothing">{words.none}</p>;
  return (
    <ul class="rows held-back">
      {rows.map((row) => {
        const what = nameOfRow(row, nameOf);
        const lasts = row.until === null ? words.untilUndone : words.until(row.until);
        return (
          <li key={row.id}>
            <span class="row-name">{what}</span>
            <Button small label={words.undoThis(what)} busy={busy} onPress={() => undo(row)}>
              {words.undo}
            </Button>
            <span class="soft">
              {[words.reasons[row.reason], words.since(row.at, nameOf(row.by)), lasts].join(' · ')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function nameOfRow({ kind, target }: Containment, nameOf: NameOf): string {
  const title = words.titles[kind];
  if (kind === 'network') return `${title}: ${target ?? words.aNetwork}`;
  return target === null ? title : `${title}: ${nameOf(target)}`;
}
