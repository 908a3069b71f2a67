/** What can be done with a request: it is answered, takes longer, or is refused, each with what its customer reads of it. */
import { useSignal } from '@preact/signals';
import type { CopyView } from '../../../../protocol/copies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { type FullRequest, refusalGrounds } from '../../../../protocol/privacy.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { copiesOf, nameOf as nameOfCopy } from '../../copies/copies.tsx';
import { ask } from '../../dialog/ask.ts';
import { Area, Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { inWords } from '../../form/in-words.ts';
import { useKept } from '../../form/kept.ts';
import { useLoading } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import type { ScreenProps } from '../screen-props.ts';
import { words } from './words.ts';

interface AnsweringProps {
  api: ScreenProps['session']['api'];
  path: string;
  request: FullRequest;
  mayCopy: boolean;
  again: () => void;
}

type Way = 'fulfil' | 'extend' | 'refuse';

export function Answering({ api, path, request, mayCopy, again }: AnsweringProps) {
  const way = useSignal<Way | null>(null);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const erase = async () => {
    if (busy.value || !(await ask({ ...words.eraseAsk, danger: true }))) return;
    busy.value = true;
    problem.value = null;
    try {
      await api.post(`${path}/fulfil`, { answer: null });
      again();
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  const open = (wanted: Way) => () => {
    way.value = wanted;
  };
  if (way.value !== null)
    return (
      <Saying
        key={way.value}
        api={api}
        path={path}
        request={request}
        way={way.value}
        mayCopy={mayCopy}
        done={() => {
          way.value = null;
          again();
        }}
        cancel={() => {
          way.value = null;
        }}
      />
    );
  const isLate = request.dueAt < clock.value;
  return (
    <>
      <Problem text={problem.value} />
      <div class="request-do">
        {request.kind === 'erasure' ? (
          <Button kind="danger" busy={busy.value} onPress={() => void erase()}>
            {words.erase}
          </Button>
        ) : (
          <Button kind="first" onPress={open('fulfil')}>
            {words.fulfil}
          </Button>
        )}
        {request.extendedAt === null && !isLate && <Button onPress={open('extend')}>{words.extend}</Button>}
        <Button onPress={open('refuse')}>{words.refuse}</Button>
      </div>
    </>
  );
}

interface SayingProps extends Omit<AnsweringProps, 'again'> {
  way: Way;
  done: () => void;
  cancel: () => void;
}

function Saying({ api, path, request, way, mayCopy, done, cancel }: SayingProps) {
  const { id, kind, visitor } = request;
  const first = way === 'fulfil' ? (words.suggested[kind] ?? '') : '';
  const text = useKept(`to ${way} ${id}`, first);
  const gives = way === 'fulfil' && wantsCopy(request) && mayCopy;
  const chosen = useSignal<string | null>(null);
  const ground = useSignal('');
  const loading = useLoading(`copies to give ${id}`, () =>
    gives ? copiesOf({ api, visitor }) : Promise.resolve([]),
  );
  const there = loading.state.value.is === 'here' ? loading.state.value.value : [];
  const ready = there.filter(({ state }) => state === 'ready');
  // What staff keep to themselves nobody gives away by not looking.
  const usual = ready.find(({ backstage }) => !backstage) ?? ready[0];
  const given = chosen.value ?? usual?.id ?? '';
  const submit = async () => {
    const said = text.value.trim();
    const copy = given === '' ? {} : { copy: given };
    const bodies = {
      fulfil: { answer: said, ...copy },
      extend: { reason: said },
      refuse: { ground: ground.value, reason: said },
    };
    await api.post(`${path}/${way}`, bodies[way]);
    text.value = '';
    done();
  };
  const ways = {
    fulfil: {
      how: kind === 'erasure' ? '' : words.fulfilHow[kind],
      label: words.said,
      action: words.fulfilDo,
    },
    extend: { how: words.extendHow, label: words.extendWhy, action: words.extendDo },
    refuse: { how: words.refuseHow, label: words.refuseWhy, action: words.refuseDo },
  };
  const { how, label, action } = ways[way];
  return (
    <Form
      takesFocus
      action={action}
      submit={submit}
      changed={() => text.value.trim() !== first}
      cancel={() => {
        text.value = first;
        cancel();
      }}
    >
      <p class="soft">{how}</p>
      {gives && (
        <Giving
          ready={ready}
          given={given}
          choose={(copy) => {
            chosen.value = copy;
          }}
        />
      )}
      {way === 'refuse' && (
        <Choice
          label={words.ground}
          hint={words.groundHint}
          value={ground.value}
          change={(value) => {
            ground.value = value;
          }}
          options={[
            ['', words.groundNone] as const,
            ...refusalGrounds.map((each) => [each, words.grounds[each]] as const),
          ]}
        />
      )}
      <Area
        label={label}
        hint={words.saidHint}
        value={text.value}
        change={(value) => {
          text.value = value;
        }}
        area={{ required: true, maxLength: limits.reason, dir: 'auto' }}
      />
      <p class="soft">{words.told}</p>
    </Form>
  );
}

interface GivingProps {
  ready: readonly CopyView[];
  given: string;
  choose: (copy: string) => void;
}

function Giving({ ready, given, choose }: GivingProps) {
  if (ready.length === 0) return <p>{words.noCopy}</p>;
  return (
    <Choice
      label={words.give}
      hint={ready.find(({ id }) => id === given)?.backstage === true ? words.giveBackstage : words.giveHint}
      value={given}
      change={choose}
      options={[...ready.map((copy) => [copy.id, nameOfCopy(copy)] as const), ['', words.giveNone] as const]}
    />
  );
}

export function wantsCopy({ kind }: FullRequest): boolean {
  return kind === 'access' || kind === 'portability';
}
