/** The owner key, which no app fills in. */
import type { Signal } from '@preact/signals';
import { Field } from '../../ui/field.tsx';
import { words } from './words.ts';

interface Props {
  label?: string;
  value: Signal<string>;
  takesFocus: boolean;
}

export function KeyField({ label = words.key, value, takesFocus }: Props) {
  return (
    <Field
      label={label}
      hint={words.keyHint}
      value={value}
      takesFocus={takesFocus}
      input={{
        type: 'text',
        name: 'owner-key',
        autocomplete: 'off',
        autocapitalize: 'characters',
        spellcheck: false,
        maxLength: 80,
        required: true,
      }}
    />
  );
}
