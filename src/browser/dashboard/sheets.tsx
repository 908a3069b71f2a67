/** What lies over the page: one window at a time, those that are seldom wanted fetched when they are. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Handler } from './commands/handlers.ts';
import type { CommandId } from './commands/table.ts';
import { HandOver } from './conversation/hand-over.tsx';
import { Snooze } from './conversation/snooze.tsx';
import { CustomerPanel } from './customer/panel.tsx';
import { words as customerWords } from './customer/words.ts';
import type { Desk } from './desk.ts';
import { Dialog } from './dialog/dialog.tsx';
import { isUnsaved } from './form/unsaved.ts';
import { lazy } from './lazy.tsx';
import type { Room } from './rooms.ts';
import type { Screen } from './screen.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

const fetchPalette = async () => (await import('./commands/palette.tsx')).Palette;
const Palette = lazy(fetchPalette, inWindow);
const Help = lazy(async () => (await import('./commands/help.tsx')).Help, inWindow);
const Rebuild = lazy(async () => (await import('./commands/rebuild.tsx')).Rebuild, inWindow);
const Reason = lazy(async () => (await import('./dialog/reason.tsx')).Reason, inWindow);
const Viewer = lazy(async () => (await import('./files/viewer.tsx')).Viewer, inWindow);

/** Nothing flashes up while it comes; only if it does not come there is something to say. */
function inWindow(content: ComponentChildren, failed: boolean, { close }: { close: () => void }) {
  if (!failed) return null;
  return (
    <Dialog title={words.product} close={close}>
      <div class="dialog-body">{content}</div>
    </Dialog>
  );
}

interface Props {
  desk: Desk;
  session: Session;
  screen: Screen;
  room: Room | null;
  handlers: Record<CommandId, Handler>;
}

export function Sheets({ desk, session, screen, room, handlers }: Props) {
  // Whoever calls it types on at once.
  useEffect(() => {
    const soon = setTimeout(() => void fetchPalette().catch(() => undefined), 2_000);
    return () => clearTimeout(soon);
  }, []);
  // What lies over a conversation belongs to it, and goes with it.
  const id = room?.client.id;
  useEffect(() => () => screen.leave(), [screen, id]);
  useFocusKept(screen);
  const close = () => screen.close();
  const here = room === null ? null : { desk, screen, room };
  const sheet = screen.sheet.value;
  if (sheet === null) return null;
  if (typeof sheet === 'object')
    return 'reason' in sheet ? (
      <Reason key={sheet.reason.name} wanted={sheet.reason} close={close} />
    ) : (
      <Viewer key={sheet.file.address} viewed={sheet.file} close={close} />
    );
  switch (sheet) {
    case 'palette':
      return <Palette handlers={handlers} close={close} />;
    case 'help':
      return <Help close={close} />;
    case 'rebuild':
      return <Rebuild desk={desk} session={session} close={close} />;
    case 'hand-over':
      return here && <HandOver {...here} />;
    case 'snooze':
      return here && <Snooze {...here} />;
    case 'customer':
      return (
        here && (
          <Dialog kind="drawer" title={customerWords.customer} close={close} unsaved={isUnsaved}>
            <CustomerPanel {...here} />
          </Dialog>
        )
      );
  }
}

/** What had the focus before a window opened may have gone in the meantime; then the conversation has it. */
function useFocusKept(screen: Screen): void {
  const sheet = screen.sheet.value;
  const before = useRef(sheet);
  useEffect(() => {
    const closed = before.current !== null && sheet === null;
    before.current = sheet;
    if (!closed || document.activeElement !== document.body) return;
    const heading = document.querySelector<HTMLElement>('.pane h2');
    if (heading === null) screen.list?.focus();
    else heading.focus();
  }, [screen, sheet]);
}
