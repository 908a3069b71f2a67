/** A labelled line of input, with what is to know about it below. */
import type { Signal } from '@preact/signals';
import type { InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import './controls.css';

interface Props {
  label: string;
  value: Signal<string>;
  hint?: string;
  input?: InputHTMLAttributes;
}

export function Field({ label, value, hint, input }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
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
