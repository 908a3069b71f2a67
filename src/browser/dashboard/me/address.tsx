/** The address that one signs in with, and another in its place. */
import { useSignal } from '@preact/signals';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { useKept } from '../form/kept.ts';
import { useDoing } from './doing.ts';
import { Part, type PartProps } from './part.tsx';
import { words } from './words.ts';

export function Address({ api }: PartProps) {
  const doing = useDoing();
  const address = useKept('my address', '');
  const sent = useSignal('');
  const ask = async () => {
    const wanted = address.value;
    sent.value = '';
    if (!(await doing.attempt(() => api.post('/api/v1/me/address', { address: wanted })))) return;
    sent.value = words.addressSent(wanted);
    address.value = '';
  };
  return (
    <Part title={words.address} doing={doing}>
      <p class="soft">{words.addressHow}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <Field
          label={words.addressNew}
          value={address}
          input={{ type: 'email', autocomplete: 'email', maxLength: limits.addressLength, required: true }}
        />
        <div class="form-end">
          <Button submit busy={doing.busy.value}>
            {words.addressSend}
          </Button>
          <span role="status" class="soft">
            {sent.value}
          </span>
        </div>
      </form>
    </Part>
  );
}
