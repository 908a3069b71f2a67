/** A labelled line of input, with what is to know about it below. */
import type { Signal } from '@preact/signals-core';
import type { InputHTMLAttributes } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import './field.css';

interface Props {
  label: string;
  value: Signal<string>;
  hint?: string;
  input?: InputHTMLAttributes;
  /** Where one step gives way to the next, the attribute of this name has no effect, and the focus would be lost. */
  takesFocus?: boolean;
}

export function Field({ label, value, hint, input, takesFocus = false }: Props) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        ref={box}
        id={id}
        value={value.value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} class="soft">
          {hint}
        </p>
      )}
    </div>
  );
}
