/** Copies of everything that is kept about a customer: having one made, how far it is, and opening it. */
import { useSignal } from '@preact/signals';
import type { CopiesAnswer, CopyView } from '../../../protocol/copies.ts';
import type { OpenFileAnswer } from '../../../protocol/file-bodies.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { downloadFrom } from '../download.ts';
import { Encrypting, encryptionAsked, useEncryption } from '../form/encryption.tsx';
import { Line, Tick } from '../form/field.tsx';
import { Form } from '../form/form.tsx';
import { inWords } from '../form/in-words.ts';
import { useKept } from '../form/kept.ts';
import { Loaded, type Loading, useLoading, useRefreshing } from '../form/loaded.tsx';
import type { Session } from '../session.ts';
import './copies.css';
import { words } from './words.ts';

type Shared = { api: Session['api']; visitor: string };

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
/** How often one that is being made is looked at. */
const lookAgain = 2_000;

export function nameOf({ backstage, askedAt, openpgp }: CopyView): string {
  const how = openpgp ? ` · ${words.encrypted}` : '';
  return `${when.format(askedAt)} · ${backstage ? words.with : words.without}${how}`;
}

export type LoadedCopies = Loading<readonly CopyView[]>;

/** Those that whoever sits here had made, the newest first. */
export function useCopies({ api, visitor }: Shared): LoadedCopies {
  const loading = useLoading(
    `copies of ${visitor}`,
    async () => (await api.get<CopiesAnswer>(pathTo(visitor))).copies,
  );
  useRefreshing(loading, lookAgain, (copies) => copies.some(({ state }) => state === 'making'));
  return loading;
}

export function Copies({ of: loading, api, visitor }: Shared & { of: LoadedCopies }) {
  return (
    <section class="copies" aria-label={words.title} tabIndex={-1}>
      <h3>{words.title}</h3>
      <p class="soft">{words.means}</p>
      <Loaded of={loading}>
        {(copies) => (
          <>
            {copies.length === 0 && <p>{words.none}</p>}
            {copies.map((copy) => (
              <One key={copy.id} api={api} copy={copy} />
            ))}
            <Making api={api} visitor={visitor} made={loading.again} />
          </>
        )}
      </Loaded>
    </section>
  );
}

/** Where nobody else looks at them. */
export function CopiesAlone(shared: Shared) {
  return <Copies of={useCopies(shared)} {...shared} />;
}

function One({ api, copy }: { api: Shared['api']; copy: CopyView }) {
  const busy = useSignal(false);
  const opened = useSignal(false);
  const problem = useSignal<string | null>(null);
  const open = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      const path = `/api/v1/copies/${encodeURIComponent(copy.id)}/open`;
      downloadFrom((await api.post<OpenFileAnswer>(path, {})).address);
      opened.value = true;
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="copy">
      <p>{nameOf(copy)}</p>
      <p role="status" class="soft">
        {copy.state === 'making' ? words.making(copy.done) : words.ready(when.format(copy.until))}
        {opened.value && ` ${words.opened}`}
      </p>
      <Problem text={problem.value} />
      {copy.state === 'ready' && (
        <Button small busy={busy.value} label={`${words.open}, ${nameOf(copy)}`} onPress={() => void open()}>
          {words.open}
        </Button>
      )}
    </div>
  );
}

function Making({ api, visitor, made }: Shared & { made: () => void }) {
  const open = useKept(`whether a copy of ${visitor} is made`, false);
  const reason = useKept(`why a copy of ${visitor} is made`, '');
  const backstage = useKept(`how a copy of ${visitor} is made`, false);
  const encryption = useEncryption(`a copy of ${visitor}`);
  const shut = () => {
    reason.value = '';
    backstage.value = false;
    encryption.wanted.value = false;
    encryption.key.value = '';
    open.value = false;
  };
  if (!open.value)
    return (
      <Button
        small
        onPress={() => {
          open.value = true;
        }}
      >
        {words.make}
      </Button>
    );
  return (
    <Form
      action={words.makeDo}
      submit={async () => {
        await api.post(pathTo(visitor), {
          ...{ reason: reason.value.trim(), backstage: backstage.value },
          ...encryptionAsked(encryption),
        });
        shut();
        made();
      }}
      changed={() => reason.value !== '' || encryption.key.value !== ''}
      cancel={shut}
    >
      <Line
        label={words.why}
        hint={words.whyHint}
        value={reason.value}
        change={(value) => {
          reason.value = value;
        }}
        input={{ required: true, maxLength: limits.reason, autocomplete: 'off', dir: 'auto' }}
      />
      <Tick
        label={words.backstage}
        checked={backstage.value}
        change={(on) => {
          backstage.value = on;
        }}
      />
      <p class="soft">{words.backstageHint}</p>
      <Encrypting of={encryption} hint={words.encryptHint} />
    </Form>
  );
}

function pathTo(visitor: string): string {
  return `/api/v1/visitors/${encodeURIComponent(visitor)}/copies`;
}
