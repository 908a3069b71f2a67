/** Sotto's own keys: how old each is, when it has to be renewed, and how far that has come. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Emergency, KeyPurpose, KeysAnswer, KeyView, RootView } from '../../../../protocol/keys.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Loaded, useLoading, useRefreshing } from '../../form/loaded.tsx';
import { type Doing, useDoing } from '../../me/doing.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import './keys.css';
import { words } from './words.ts';

const path = '/api/v1/keys';
const askAgainAfter = 5_000;

export function Keys({ session: { api } }: ScreenProps) {
  const loading = useLoading('keys', () => api.get<KeysAnswer>(path));
  const doing = useDoing();
  const said = useSignal('');
  useRefreshing(loading, askAgainAfter, goesOn);
  const renew = async (key: KeyView, leaked: boolean) => {
    const question = leaked ? words.leakedAsk : words.renewAsk(words.purposes[key.purpose]);
    if (key.state === 'active' && !(await ask({ ...question, danger: leaked }))) return;
    said.value = '';
    const body = leaked ? { leaked } : {};
    if (!(await doing.attempt(() => api.post<KeysAnswer>(`${path}/${key.id}/renew`, body)))) return;
    said.value = leaked ? words.refused : words.begun;
    loading.again();
  };
  const sealAnew = async (archived: number) => {
    if (!(await ask({ ...words.sealAnewAsk(archived), danger: true }))) return;
    said.value = '';
    const begin = async () => {
      const value = await api.post<KeysAnswer>('/api/v1/emergency', { conversation: null });
      loading.state.value = { is: 'here', value };
    };
    if (await doing.attempt(begin)) said.value = words.sealAnewBegun;
  };
  return (
    <>
      <Heading title={settingsWords.screens.keys} />
      <p class="soft">{words.intro}</p>
      <p role="status">{said.value}</p>
      <Problem text={doing.problem.value} />
      <Loaded of={loading}>
        {({ keys, root, emergency, archived }) => (
          <>
            <div class="keys">
              {keys
                .filter(({ state }) => state === 'active')
                .map((key) => (
                  <Purpose
                    key={key.purpose}
                    active={key}
                    former={keys.filter((each) => each.state === 'retired' && each.purpose === key.purpose)}
                    doing={doing}
                    renew={(each, leaked = false) => void renew(each, leaked)}
                  />
                ))}
              <Root root={root} />
            </div>
            <h3>{words.others}</h3>
            <p class="soft">{words.othersHow}</p>
            <SealAnew
              emergency={emergency}
              archived={archived}
              doing={doing}
              begin={() => void sealAnew(archived)}
            />
            <p class="soft">{words.limits(Math.max(...keys.map(({ mostUses }) => mostUses ?? 0)))}</p>
          </>
        )}
      </Loaded>
    </>
  );
}

function goesOn({ keys, emergency }: KeysAnswer): boolean {
  return emergency?.isOver === false || keys.some(({ rotation }) => rotation?.isOver === false);
}

/** What helps where keys have leaked, what that leaves out, and how far the newest such run is: it is not begun meanwhile. */
function SealAnew({
  emergency,
  archived,
  doing,
  begin,
}: {
  emergency: Emergency | null;
  archived: number;
  doing: Doing;
  begin: () => void;
}) {
  const isGoingOn = emergency?.isOver === false;
  return (
    <>
      {emergency !== null && <p>{words.sealedAnew(emergency)}</p>}
      {archived > 0 && <p>{words.archived(archived)}</p>}
      {!isGoingOn && (
        <div class="form-end">
          <Button kind="danger" busy={doing.busy.value} onPress={begin}>
            {words.sealAnew}
          </Button>
        </div>
      )}
    </>
  );
}

/** It lies outside of everything that Sotto keeps, and so no button renews it. */
function Root({ root: { root, since, lasts, due } }: { root: RootView }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <header class="keys-head">
        <h3 id={id}>{words.root}</h3>
        {since !== null && <span class={`key-due ${due}`}>{words.due[due]}</span>}
      </header>
      <p>{words.rootMeans}</p>
      <dl class="keys-facts">
        <Fact name={words.rootNumber} value={String(root)} />
        <Fact name={words.age} value={since === null ? words.rootUnknown : words.since(since)} />
        {since !== null && <Fact name={words.until} value={words.since(since + lasts)} />}
      </dl>
    </section>
  );
}

interface PurposeProps {
  active: KeyView;
  former: readonly KeyView[];
  doing: Doing;
  renew: (key: KeyView, leaked?: boolean) => void;
}

/** What can be renewed at all, and not only by itself. */
const renewable: readonly KeyPurpose[] = ['data', 'pepper', 'token', 'ledger'];

function Purpose({ active, former, doing, renew }: PurposeProps) {
  const id = useId();
  const { purpose, due, uses, mostUses, createdAt } = active;
  const name = words.purposes[purpose];
  return (
    <section aria-labelledby={id}>
      <header class="keys-head">
        <h3 id={id}>{name}</h3>
        {due !== null && active.lasts !== null && <span class={`key-due ${due}`}>{words.due[due]}</span>}
      </header>
      <p>{words.means[purpose]}</p>
      <dl class="keys-facts">
        <Fact name={words.age} value={words.since(createdAt)} />
        {active.lasts !== null && <Fact name={words.until} value={words.by(active)} />}
        {uses !== null && mostUses !== null && <Fact name={words.uses} value={words.used(uses, mostUses)} />}
      </dl>
      {former.length > 0 && (
        <>
          <h4>{words.former}</h4>
          <ul>
            {former.map((key) => (
              <li key={key.id}>
                <span>{words.standing(key)}</span>
                {key.rotation?.isOver === true && purpose !== 'token' && (
                  <Button
                    small
                    label={words.againThis(key.createdAt)}
                    busy={doing.busy.value}
                    onPress={() => renew(key)}
                  >
                    {words.again}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {renewable.includes(purpose) && (
        <div class="form-end">
          <Button label={words.renewThis(name)} busy={doing.busy.value} onPress={() => renew(active)}>
            {words.renew}
          </Button>
          {purpose === 'token' && (
            <Button
              kind="danger"
              label={words.leakedThis}
              busy={doing.busy.value}
              onPress={() => renew(active, true)}
            >
              {words.leaked}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
