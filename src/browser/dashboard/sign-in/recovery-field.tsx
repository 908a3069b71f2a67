/** A recovery code, which no app fills in. */
import type { Signal } from '@preact/signals';
import { Field } from '../../ui/field.tsx';
import { words } from '../words.ts';

interface Props {
  label: string;
  value: Signal<string>;
  takesFocus: boolean;
}

export function RecoveryField({ label, value, takesFocus }: Props) {
  return (
    <Field
      label={label}
      hint={words.recoveryHint}
      value={value}
      takesFocus={takesFocus}
      input={{
        type: 'text',
        name: 'recovery-code',
        autocomplete: 'off',
        autocapitalize: 'characters',
        spellcheck: false,
        maxLength: 60,
        required: true,
      }}
    />
  );
}
