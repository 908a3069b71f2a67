/** Finds a command by its name and does it. */
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { Dialog } from '../dialog/dialog.tsx';
import { useCombobox } from '../menu/combobox.ts';
import type { Handler } from './handlers.ts';
import { inWords, onMac } from './keys.ts';
import './commands.css';
import { type CommandId, commandIds, entryOf } from './table.ts';
import { words } from './words.ts';

interface Props {
  handlers: Record<CommandId, Handler>;
  close: () => void;
}

export function Palette({ handlers, close }: Props) {
  const query = useSignal('');
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  // What can be done is what could be done when this was opened.
  const possible = useMemo(
    () => commandIds.filter((id) => id !== 'palette' && handlers[id].can()),
    [handlers],
  );
  const found = useMemo(() => matching(possible, query.value), [possible, query.value]);
  const mac = onMac();
  useCombobox({ box, list, open: true, options: found });

  const choose = (id: CommandId) => {
    close();
    // What it does may open another window, or lead the focus elsewhere, once this one has gone.
    requestAnimationFrame(() => handlers[id].run());
  };
  return (
    <Dialog title={words.palette} close={close} kind="wide">
      <div class="palette">
        <input
          ref={box}
          class="palette-box"
          aria-label={words.find}
          placeholder={words.find}
          autocomplete="off"
          spellcheck={false}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
        <ul ref={list} id="palette-list" role="listbox" aria-label={words.palette}>
          {found.map((id) => (
            <li key={id} id={`palette-${id}`} role="option" onClick={() => choose(id)}>
              <span>{entryOf(id).label}</span>
              <span class="soft">{words.groups[entryOf(id).group]}</span>
              <Keys keys={entryOf(id).keys ?? []} mac={mac} />
            </li>
          ))}
        </ul>
        <p class="soft palette-none" role="status">
          {found.length === 0 && words.none}
        </p>
      </div>
    </Dialog>
  );
}

export function Keys({ keys, mac }: { keys: readonly string[]; mac: boolean }) {
  return (
    <span class="keys">
      {keys.map((each) => (
        <kbd key={each}>{inWords(each, mac)}</kbd>
      ))}
    </span>
  );
}

/** Every word of the query begins a word of the label. */
function matching(ids: readonly CommandId[], query: string): CommandId[] {
  const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return ids.filter((id) => {
    const label = entryOf(id)
      .label.toLocaleLowerCase()
      .split(/[^\p{L}\p{N}]+/u);
    return wanted.every((word) => label.some((each) => each.startsWith(word)));
  });
}
