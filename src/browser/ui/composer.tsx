/** Where a message is written. Enter sends it, Shift and Enter begins a new line. */
import type { Signal } from '@preact/signals-core';
import type { ComponentChildren, RefObject, TargetedKeyboardEvent } from 'preact';
import { limits } from '../../protocol/limits.ts';
import { Button } from './button.tsx';
import './thread.css';
import { words } from './words.ts';

const utf8 = new TextEncoder();
/** The count shows once this many bytes are left. */
const nearLimit = 1024;

interface Props {
  draft: Signal<string>;
  send: (text: string) => void;
  placeholder: string;
  box: RefObject<HTMLTextAreaElement | null>;
  onTyping?: (on: boolean) => void;
  label?: string;
  /** True: the key has been dealt with. */
  onKeyDown?: (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => boolean;
  /** A toolbar above the box. */
  children?: ComponentChildren;
  kind?: 'text' | 'note';
}

export function Composer(props: Props) {
  const {
    draft,
    send,
    placeholder,
    box,
    onTyping,
    label = words.message,
    onKeyDown,
    children,
    kind = 'text',
  } = props;
  const left = limits.textBytes - utf8.encode(draft.value).length;
  const sendable = left >= 0 && draft.value.trim() !== '';

  const pressed = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, its keys belong to it.
    if (event.isComposing || onKeyDown?.(event) === true) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    // As the button does, so that what warns of a text hears of both.
    event.currentTarget.form?.requestSubmit();
  };

  return (
    <form
      class={`composer ${kind}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!sendable) return;
        // Half of a surrogate pair can not be sent; it shows as a replacement character.
        send(draft.value.toWellFormed());
        draft.value = '';
        box.current?.focus();
      }}
    >
      {children}
      <textarea
        ref={box}
        rows={Math.min(6, draft.value.split('\n').length)}
        aria-label={label}
        aria-describedby="composer-count"
        aria-invalid={left < 0}
        placeholder={placeholder}
        value={draft.value}
        // An empty box stays in the page's direction, as its placeholder does.
        dir={draft.value === '' ? undefined : 'auto'}
        enterkeyhint="send"
        onKeyDown={pressed}
        onInput={(event) => {
          draft.value = event.currentTarget.value;
          onTyping?.(draft.value.trim() !== '');
        }}
      />
      <Button submit kind="first" disabled={!sendable}>
        {words.send}
      </Button>
      <div id="composer-count" class={left < 0 ? 'count soft over' : 'count soft'} aria-live="polite">
        {left < 0 ? words.tooLong(-left) : left < nearLimit && words.bytesLeft(left)}
      </div>
    </form>
  );
}
