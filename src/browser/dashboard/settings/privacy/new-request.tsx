/** Opens a request in the name of a customer, by a conversation of theirs or by themselves, who asked some other way. */
import { useSignal } from '@preact/signals';
import {
  type RequestAnswer,
  type RequestKind,
  requestKinds,
  type RequestLaw,
  requestLaws,
} from '../../../../protocol/privacy.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Area, Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { goTo, settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from './words.ts';

interface Draft {
  kind: RequestKind;
  law: RequestLaw;
  how: string;
  wish: string;
}

const empty: Draft = { kind: 'access', law: 'gdpr', how: '', wish: '' };

interface Props {
  api: ScreenProps['session']['api'];
  of: string;
  /** What it is as a rule, of the draft's `kind` and `law`. */
  query: string;
}

export function NewRequest({ api, of, query }: Props) {
  const draft = useKept(`a request of ${of}`, { ...empty, ...wished(query) });
  const opened = useSignal(false);
  const change = (changed: Partial<Draft>) => {
    draft.value = { ...draft.value, ...changed };
  };
  const submit = async () => {
    const { kind, law, how, wish } = draft.value;
    const body = { of, kind, law, how: how.trim(), wish: wish.trim() === '' ? null : wish.trim() };
    const { request } = await api.post<RequestAnswer>('/api/v1/requests', body);
    draft.value = empty;
    opened.value = true;
    goTo(settingsAddress('privacy', request.id));
  };
  return (
    <>
      <Heading title={words.create} back={settingsAddress('privacy')} />
      <p class="soft">{words.createIntro}</p>
      <Form
        action={words.createDo}
        submit={submit}
        changed={() => !opened.value && (draft.value.how !== '' || draft.value.wish !== '')}
      >
        <Choice
          label={words.kind}
          value={draft.value.kind}
          change={(kind) => change({ kind: kind as RequestKind })}
          options={requestKinds.map((kind) => [kind, words.kinds[kind]] as const)}
        />
        <Choice
          label={words.law}
          value={draft.value.law}
          change={(law) => change({ law: law as RequestLaw })}
          options={requestLaws.map((law) => [law, words.laws[law]] as const)}
        />
        <Area
          label={words.how}
          hint={words.howHint}
          value={draft.value.how}
          change={(how) => change({ how })}
          area={{ required: true, maxLength: limits.reason, dir: 'auto', rows: 2 }}
        />
        <Area
          label={words.wish}
          hint={words.wishHint}
          value={draft.value.wish}
          change={(wish) => change({ wish })}
          area={{ maxLength: limits.reason, dir: 'auto', rows: 2 }}
        />
      </Form>
    </>
  );
}

function wished(query: string): Partial<Draft> {
  const asked = new URLSearchParams(query);
  const kind = requestKinds.find((each) => each === asked.get('kind'));
  const law = requestLaws.find((each) => each === asked.get('law'));
  return { ...(kind !== undefined && { kind }), ...(law !== undefined && { law }) };
}
