/** The keys by which a website says who its signed-in customers are, and what its developer needs for it. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { IdentityKey, IdentityKeyAnswer, IdentityKeysAnswer } from '../../../../protocol/visitors.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Time } from '../../../ui/time.tsx';
import { ask } from '../../dialog/ask.ts';
import { Area } from '../../form/field.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { type Doing, useDoing } from '../../me/doing.ts';
import type { Session } from '../../session.ts';
import { words as mainWords } from '../../words.ts';
import { words } from '../words.ts';
import { loaderLine, signingLines } from './lines.ts';
import { Snippet } from '../snippet.tsx';

interface Props {
  api: Session['api'];
  site: string;
}

export function Identity({ api, site }: Props) {
  const path = `/api/v1/sites/${encodeURIComponent(site)}/keys`;
  const loading = useLoading(path, () => api.get<IdentityKeysAnswer>(path));
  const doing = useDoing();
  /** Made just now, and never shown again. */
  const secret = useSignal<string | null>(null);
  const id = useId();
  const remove = async (key: IdentityKey) => {
    if (!(await ask({ ...words.sites.removeKeyAsk, danger: true }))) return;
    if (await doing.attempt(() => api.delete(`${path}/${key.id}`))) loading.again();
  };
  const add = async (publicKey: unknown) => {
    const done = await doing.attempt(async () => {
      const answer = await api.post<IdentityKeyAnswer>(path, { publicKey });
      secret.value = answer.secret;
    });
    if (done) loading.again();
    return done;
  };
  return (
    <section class="group identity" aria-labelledby={id}>
      <h3 id={id}>{words.sites.identity}</h3>
      <p class="soft">{words.sites.identityHint}</p>
      <Loaded of={loading}>
        {({ keys }) => (
          <>
            {keys.length === 0 && <p>{words.sites.noKeys}</p>}
            <ul class="rows">
              {keys.map((key) => (
                <OneKey
                  key={key.id}
                  identityKey={key}
                  busy={doing.busy.value}
                  remove={() => void remove(key)}
                />
              ))}
            </ul>
            {secret.value !== null && (
              <div class="made">
                <p>
                  <strong>{words.sites.secretOnce}</strong>
                </p>
                <Snippet name={words.sites.secret} text={secret.value} />
              </div>
            )}
            {keys.length < limits.identityKeys ? (
              <NewKey doing={doing} add={add} />
            ) : (
              <p class="soft">{words.sites.keysFull}</p>
            )}
            {keys.at(-1) !== undefined && <Lines site={site} alg={keys.at(-1)?.alg ?? 'HS256'} />}
          </>
        )}
      </Loaded>
      <Problem text={doing.problem.value} />
    </section>
  );
}

interface OneProps {
  identityKey: IdentityKey;
  busy: boolean;
  remove: () => void;
}

function OneKey({ identityKey: { alg, thumbprint, createdAt }, busy, remove }: OneProps) {
  const name = thumbprint === null ? words.sites.secretKey : words.sites.publicKey(alg);
  return (
    <li class="identity-key">
      <div>
        <p class="row-name">{name}</p>
        <p class="soft">
          {words.sites.addedOn} <Time at={createdAt} />
        </p>
        {thumbprint !== null && <code class="soft">{thumbprint}</code>}
      </div>
      <Button small label={words.sites.removeKey(name)} busy={busy} onPress={remove}>
        {words.sites.remove}
      </Button>
    </li>
  );
}

interface NewProps {
  doing: Doing;
  add: (publicKey: unknown) => Promise<boolean>;
}

function NewKey({ doing, add }: NewProps) {
  const writing = useSignal(false);
  const done = () => {
    writing.value = false;
  };
  if (writing.value) return <PublicKeyForm doing={doing} add={add} done={done} />;
  return (
    <div class="form-end">
      <Button busy={doing.busy.value} onPress={() => void add(null)}>
        {words.sites.makeSecret}
      </Button>
      <Button
        onPress={() => {
          writing.value = true;
        }}
      >
        {words.sites.givePublicKey}
      </Button>
    </div>
  );
}

function PublicKeyForm({ doing, add, done }: NewProps & { done: () => void }) {
  const jwk = useSignal('');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('textarea')?.focus(), []);
  const submit = async () => {
    if (await add(parsed(jwk.value))) done();
  };
  return (
    <form
      ref={form}
      class="form new-key"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Area
        label={words.sites.jwk}
        hint={words.sites.jwkHint}
        value={jwk.value}
        change={(value) => {
          jwk.value = value;
        }}
        check={problemOf}
        area={{ rows: 4, spellcheck: false, autocapitalize: 'off', required: true }}
      />
      <div class="form-end">
        <Button submit kind="first" busy={doing.busy.value}>
          {words.sites.addKey}
        </Button>
        <Button kind="quiet" onPress={done}>
          {mainWords.cancel}
        </Button>
      </div>
    </form>
  );
}

/** A private key is not sent anywhere. */
function problemOf(text: string): string | null {
  const jwk = parsed(text);
  if (jwk === undefined) return words.sites.jwkWrong;
  return 'd' in jwk || 'k' in jwk ? words.sites.jwkPrivate : null;
}

/** A JWK is an object; what else it has to be the server says. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function Lines({ site, alg }: { site: string; alg: IdentityKey['alg'] }) {
  return (
    <details>
      <summary>{words.sites.howTo}</summary>
      <p>{words.sites.howServer}</p>
      <Snippet name={words.sites.serverLines} text={signingLines(site, alg)} />
      <p>{words.sites.howPage}</p>
      <Snippet name={words.sites.line} text={loaderLine(site, { vouches: true })} />
      <p class="soft">{words.sites.howStay}</p>
    </details>
  );
}
