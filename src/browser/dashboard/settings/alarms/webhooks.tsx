/** The other systems that are told of alarms. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { limits } from '../../../../protocol/limits.ts';
import type {
  Webhook,
  WebhookAnswer,
  WebhooksAnswer,
  WebhookTestAnswer,
} from '../../../../protocol/webhooks.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { useDoing } from '../../me/doing.ts';
import type { Session } from '../../session.ts';
import { Snippet } from '../snippet.tsx';
import { words } from './words.ts';

const path = '/api/v1/webhooks';
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function Webhooks({ api }: { api: Session['api'] }) {
  const loading = useLoading('webhooks', () => api.get<WebhooksAnswer>(path));
  const doing = useDoing();
  const said = useSignal('');
  /** Made just now, and never shown again. */
  const secret = useSignal<string | null>(null);
  const id = useId();
  const test = (webhook: Webhook) =>
    doing.attempt(async () => {
      const tested = (await api.post<WebhookTestAnswer>(`${path}/${webhook.id}/test`, {})).webhook;
      said.value = words.webhooks.tested(tested);
      loading.again();
    });
  const remove = async (webhook: Webhook) => {
    if (!(await ask({ ...words.webhooks.removeAsk(webhook.host), danger: true }))) return;
    if (await doing.attempt(() => api.delete(`${path}/${webhook.id}`))) loading.again();
  };
  return (
    <section class="group webhooks-part" aria-labelledby={id}>
      <h3 id={id}>{words.webhooks.title}</h3>
      <p class="soft">{words.webhooks.intro}</p>
      <Loaded of={loading}>
        {({ webhooks }) => (
          <>
            {webhooks.length === 0 && <p>{words.webhooks.none}</p>}
            <ul class="rows webhooks">
              {webhooks.map((webhook) => (
                <li key={webhook.id}>
                  <div>
                    <p class="row-name">{webhook.host}</p>
                    <p class="soft">{words.webhooks.state(webhook, (at) => when.format(at))}</p>
                  </div>
                  <Button
                    small
                    label={words.webhooks.testThis(webhook.host)}
                    busy={doing.busy.value}
                    onPress={() => void test(webhook)}
                  >
                    {words.webhooks.test}
                  </Button>
                  <Button
                    small
                    label={words.webhooks.removeThis(webhook.host)}
                    busy={doing.busy.value}
                    onPress={() => void remove(webhook)}
                  >
                    {words.webhooks.remove}
                  </Button>
                </li>
              ))}
            </ul>
            <p role="status" class="soft">
              {said.value}
            </p>
            {secret.value !== null && (
              <div class="made">
                <p>
                  <strong>{words.webhooks.secretOnce}</strong>
                </p>
                <Snippet name={words.webhooks.secret} text={secret.value} />
              </div>
            )}
            {webhooks.length < limits.webhooks ? (
              <NewWebhook
                api={api}
                made={(made) => {
                  secret.value = made;
                  loading.again();
                }}
              />
            ) : (
              <p class="soft">{words.webhooks.full(limits.webhooks)}</p>
            )}
          </>
        )}
      </Loaded>
      <Problem text={doing.problem.value} />
    </section>
  );
}

/** The address may hold a secret, and so is not kept through a lock. */
function NewWebhook({ api, made }: { api: Session['api']; made: (secret: string) => void }) {
  const address = useSignal('');
  const submit = async () => {
    const { secret } = await api.post<WebhookAnswer>(path, { address: address.value.trim() });
    address.value = '';
    made(secret);
  };
  return (
    <Form action={words.webhooks.add} submit={submit} changed={() => address.value.trim() !== ''}>
      <Line
        label={words.webhooks.address}
        hint={words.webhooks.addressHint}
        value={address.value}
        change={(text) => {
          address.value = text;
        }}
        input={{ type: 'url', required: true, maxLength: limits.webhookLength, autocomplete: 'off' }}
      />
    </Form>
  );
}
