/** A customer's name and address, and who answers for each of them; staff with the right write others in their place. */
import type { Customer, Proof } from '../../../protocol/frames.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { AddressProved, Verified } from '../list/verified.tsx';
import { visitorLabel } from '../list/visitor-label.ts';
import { Line } from '../form/field.tsx';
import { Form } from '../form/form.tsx';
import { useKept } from '../form/kept.ts';
import type { Here } from '../conversation/doing.ts';
import { words } from './words.ts';

interface Props {
  here: Here;
  customer: Customer;
  mayChange: boolean;
  /** Whether the address is there to be read; else it is covered. */
  seesAddress: boolean;
}

export function Details({ here, customer, mayChange, seesAddress }: Props) {
  const editing = useKept(`whether ${here.room.client.id} is changed`, false);
  const { name, address, proof } = customer;
  // Where one answer goes for both it is said once.
  const apart = name !== null && address !== null && proof?.name !== proof?.address;
  const done = () => {
    editing.value = false;
  };
  if (editing.value) return <Editor here={here} customer={customer} seesAddress={seesAddress} done={done} />;
  return (
    <section class="details">
      <p class="customer-name" dir="auto">
        {visitorLabel(here.room.client.id, name)}
      </p>
      {apart && <Answers here={here} by={proof?.name} />}
      <p>{address ?? <span class="soft">{words.noAddress}</span>}</p>
      {address !== null && !seesAddress && <p class="soft">{words.covered}</p>}
      <Answers here={here} by={address === null ? proof?.name : proof?.address} />
      {mayChange && (
        <p>
          <Button
            small
            label={words.editTitle}
            onPress={() => {
              editing.value = true;
            }}
          >
            {words.edit}
          </Button>
        </p>
      )}
    </section>
  );
}

/** Who answers for what stands above. */
function Answers({ here: { desk, room }, by }: { here: Here; by: Proof['address'] | undefined }) {
  if (by === 'code')
    return (
      <p class="answers-for">
        <AddressProved /> {words.provedByCode}
      </p>
    );
  if (by !== 'site') return <p class="soft">{words.unverified}</p>;
  const site = desk.sites.value.get(room.client.conversation.value?.site ?? '')?.name ?? words.yourSite;
  return (
    <p class="answers-for">
      <Verified /> {words.verifiedBy(site)}
    </p>
  );
}

function Editor({ here, customer, seesAddress, done }: Omit<Props, 'mayChange'> & { done: () => void }) {
  const before = { name: customer.name ?? '', address: customer.address ?? '' };
  const draft = useKept(`the customer of ${here.room.client.id}`, before);
  const submit = async () => {
    const { name, address } = draft.value;
    // Only what changed: the address may be covered.
    await here.desk.acts.changeCustomer(here.room.client.id, {
      ...(name === before.name ? {} : { name: written(name) }),
      ...(address === before.address ? {} : { address: written(address) }),
    });
    done();
  };
  return (
    <section aria-label={words.editTitle}>
      <Form
        action={words.save}
        submit={submit}
        changed={() => draft.value.name !== before.name || draft.value.address !== before.address}
        cancel={done}
      >
        <Line
          label={words.name}
          value={draft.value.name}
          change={(name) => {
            draft.value = { ...draft.value, name };
          }}
          input={{ maxLength: limits.nameLength, autocomplete: 'off', dir: 'auto' }}
        />
        {seesAddress && (
          <Line
            label={words.address}
            value={draft.value.address}
            change={(address) => {
              draft.value = { ...draft.value, address };
            }}
            input={{ type: 'email', maxLength: limits.addressLength, autocomplete: 'off' }}
          />
        )}
      </Form>
    </section>
  );
}

function written(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
