/** Every key and what it does, from the table that binds them. */
import { Dialog } from '../dialog/dialog.tsx';
import { preferences } from '../preferences.ts';
import './commands.css';
import { onMac } from './keys.ts';
import { Keys } from './palette.tsx';
import { commandIds, entryOf, groups } from './table.ts';
import { words } from './words.ts';

export function Help({ close }: { close: () => void }) {
  const mac = onMac();
  const line = (label: string, keys: readonly string[]) => (
    <div key={label}>
      <dt>{label}</dt>
      <dd>
        <Keys keys={keys} mac={mac} />
      </dd>
    </div>
  );
  return (
    <Dialog title={words.help} close={close} kind="wide">
      {/* Long enough to scroll, and so to be reached by a keyboard. */}
      <div class="dialog-body" tabIndex={0} role="region" aria-label={words.help}>
        <p class="soft">{preferences.singleKeys.value ? words.helpHint : words.singleKeysOff}</p>
        <div class="help">
          {groups.map((group) => {
            const bound = commandIds.filter(
              (id) => entryOf(id).group === group && entryOf(id).keys !== undefined,
            );
            if (bound.length === 0) return null;
            return (
              <section key={group}>
                <h3>{words.groups[group]}</h3>
                <dl>{bound.map((id) => line(entryOf(id).label, entryOf(id).keys ?? []))}</dl>
              </section>
            );
          })}
          <section>
            <h3>{words.composer}</h3>
            <dl>
              {line(words.enter, ['Enter'])}
              {line(words.shiftEnter, ['Shift Enter'])}
            </dl>
          </section>
        </div>
      </div>
    </Dialog>
  );
}
