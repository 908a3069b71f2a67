/** Listens for the keys of the table. What lies over the page has keys of its own. */
import { preferences } from '../preferences.ts';
import type { Screen } from '../screen.ts';
import type { Handler } from './handlers.ts';
import { commandOf, isField, onMac } from './keys.ts';
import type { CommandId } from './table.ts';
import { watchTypedOn } from './typed-on.ts';

export function bindKeys(handlers: Record<CommandId, Handler>, screen: Screen): () => void {
  const mac = onMac();
  const typedOn = watchTypedOn();
  const pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : null;
    // A window may be on its way, and what is typed is meant for it. What only says something takes no keys.
    const above = 'dialog[open], :popover-open:not([role="alert"])';
    if (screen.sheet.peek() !== null || document.querySelector(above) !== null) return;
    const id = commandOf(event, {
      mac,
      typing: isField(target) || typedOn.is(),
      inList: target?.closest('.conversation-lines') !== null && target !== null,
      singleKeys: preferences.singleKeys.peek(),
    });
    if (id === undefined || !handlers[id].can()) return;
    event.preventDefault();
    handlers[id].run();
  };
  window.addEventListener('keydown', pressed);
  return () => {
    typedOn.end();
    window.removeEventListener('keydown', pressed);
  };
}
