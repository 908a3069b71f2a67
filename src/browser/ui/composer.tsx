/** Where a message is written. Enter sends it, Shift and Enter begins a new line. */
import type { Signal } from '@preact/signals';
import type { RefObject, TargetedKeyboardEvent } from 'preact';
import { useId } from 'preact/hooks';
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
}

export function Composer({ draft, send, placeholder, box }: Props) {
  const id = useId();
  const left = limits.textBytes - utf8.encode(draft.value).length;
  const sendable = left >= 0 && draft.value.trim() !== '';

  const submit = () => {
    if (!sendable) return;
    // Half of a surrogate pair can not be sent; it shows as a replacement character.
    send(draft.value.toWellFormed());
    draft.value = '';
    box.current?.focus();
  };
  const pressed = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={box}
        rows={1}
        aria-label={words.message}
        aria-describedby={`${id}-count`}
        aria-invalid={left < 0}
        placeholder={placeholder}
        value={draft.value}
        dir="auto"
        onKeyDown={pressed}
        onInput={(event) => {
          draft.value = event.currentTarget.value;
        }}
      />
      <Button submit kind="first" disabled={!sendable}>
        {words.send}
      </Button>
      <div id={`${id}-count`} class={left < 0 ? 'count soft over' : 'count soft'} aria-live="polite">
        {left < 0 ? words.tooLong(-left) : left < nearLimit && words.bytesLeft(left)}
      </div>
    </form>
  );
}
