/** The top of the widget: what this is, and the way out. */
import { Button } from '../ui/button.tsx';
import { askToClose, canClose } from './host.ts';
import { words } from './words.ts';

export function Header() {
  return (
    <header class="widget-header">
      <h1>{words.title}</h1>
      {canClose && (
        <Button kind="quiet" icon label={words.close} onPress={askToClose}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
          </svg>
        </Button>
      )}
    </header>
  );
}
