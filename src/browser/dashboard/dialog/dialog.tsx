/** A native dialog: what lies behind it is out of reach, Esc closes it, and the focus goes back where it was. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { words } from '../words.ts';
import { ask } from './ask.ts';
import './dialog.css';

interface Props {
  title: string;
  close: () => void;
  children: ComponentChildren;
  /** `drawer` comes from the side and is as high as the page; `full` is as large as the page. */
  kind?: 'box' | 'drawer' | 'wide' | 'full';
  /** Something was written that closing would lose. */
  unsaved?: () => boolean;
}

const toDo = ['input', 'button', 'select', 'textarea', '[tabindex="0"]']
  .map((kind) => `.dialog-content > :not(.dialog-header) ${kind}, .dialog-content > ${kind}`)
  .join();

export function Dialog({ title, close, children, kind = 'box', unsaved }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    // Where there is something to do, that has the focus, and not the way out.
    if (kind !== 'drawer') dialog?.querySelector<HTMLElement>(toDo)?.focus();
    // While it is still in the page, so that the focus finds its way back.
    return () => dialog?.close();
  }, []);
  const leave = async () => {
    if (unsaved?.() === true && !(await ask({ ...words.discard, danger: true }))) return;
    // At once, so that the next key is not lost to a window that only seems to be there.
    box.current?.close();
    close();
  };
  return (
    <dialog
      ref={box}
      class={`dialog ${kind}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        void leave();
      }}
      // A browser closes by itself at the second Esc, whatever was said to the first.
      onClose={close}
      onClick={(event) => {
        if (event.target === box.current) void leave();
      }}
    >
      <div class="dialog-content">
        <div class="dialog-header">
          <h2 id={id}>{title}</h2>
          <Button icon kind="quiet" label={words.closeDialog} onPress={() => void leave()}>
            <span aria-hidden="true">✕</span>
          </Button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
