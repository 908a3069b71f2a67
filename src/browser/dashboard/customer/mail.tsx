/** Mails the conversation, as a message that the holder of a key alone can open: to its customer, or to whoever sits here. */
import { useSignal } from '@preact/signals';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import type { Here } from '../conversation/doing.ts';
import { Area, Choice } from '../form/field.tsx';
import { Form } from '../form/form.tsx';
import { useKept } from '../form/kept.ts';
import { words } from './words.ts';

type Receiver = 'customer' | 'organisation';
const toThem = ['customer', words.mailToThem] as const;

/** @param isProved whether an address is proved to be its customer's */
export function MailConversation({ here, isProved }: { here: Here; isProved: boolean }) {
  const { id } = here.room.client;
  const open = useKept(`whether ${id} is mailed`, false);
  const wanted = useKept<Receiver>(`to whom ${id} is mailed`, 'customer');
  const to = isProved ? wanted.value : 'organisation';
  const key = useKept(`to whose key ${id} is mailed`, '');
  const sent = useSignal(false);
  const close = () => {
    key.value = '';
    open.value = false;
  };
  if (!open.value)
    return (
      <section>
        <Button
          small
          onPress={() => {
            sent.value = false;
            open.value = true;
          }}
        >
          {words.mail}
        </Button>
        <p role="status">{sent.value && words.mailed}</p>
      </section>
    );
  return (
    <section>
      <h3>{words.mailTitle}</h3>
      <p class="soft">{words.mailMeans}</p>
      <Form
        action={words.mailDo}
        submit={async () => {
          await here.desk.acts.mailTranscript(id, to === 'organisation' ? to : key.value);
          sent.value = true;
          close();
        }}
        changed={() => key.value !== ''}
        cancel={close}
      >
        <Choice
          label={words.mailTo}
          value={to}
          change={(value) => (wanted.value = value === 'organisation' ? value : 'customer')}
          options={[...(isProved ? [toThem] : []), ['organisation', words.mailToYou]]}
          hint={howTo(to, isProved)}
        />
        {to === 'customer' && (
          <Area
            label={words.mailKey}
            hint={words.mailKeyHint}
            value={key.value}
            change={(value) => (key.value = value)}
            area={{
              ...{ rows: 4, spellcheck: false, autocapitalize: 'off' },
              ...{ maxLength: limits.pgpKeyLength, required: true },
            }}
          />
        )}
      </Form>
    </section>
  );
}

function howTo(to: Receiver, isProved: boolean): string {
  if (to === 'customer') return words.mailToThemHow;
  return isProved ? words.mailToYouHow : words.mailToYouOnly;
}
