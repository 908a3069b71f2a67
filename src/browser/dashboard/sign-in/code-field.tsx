/** Six digits, which a phone can fill in by itself. */
import type { Signal } from '@preact/signals';
import { Field } from '../../ui/field.tsx';
import { words } from '../words.ts';

export function CodeField({ value, takesFocus }: { value: Signal<string>; takesFocus: boolean }) {
  return (
    <Field
      label={words.code}
      hint={words.codeHint}
      value={value}
      takesFocus={takesFocus}
      input={{
        type: 'text',
        name: 'code',
        inputMode: 'numeric',
        autocomplete: 'one-time-code',
        pattern: '\\s*(\\d\\s*){6}',
        maxLength: 16,
        required: true,
      }}
    />
  );
}
