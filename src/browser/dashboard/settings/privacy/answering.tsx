/** What can be done with a request: it is answered, takes longer, or is refused, each with what its customer reads of it. */
import { useSignal } from '@preact/signals';
import type { CopyView } from '../../../../protocol/copies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { type FullRequest, refusalGrounds } from '../../../../protocol/privacy.ts';
import { ApiError } from '../../../api.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { type LoadedCopies, nameOf as nameOfCopy } from '../../copies/copies.tsx';
import { ask } from '../../dialog/ask.ts';
import { Area, Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { inWords } from '../../form/in-words.ts';
import { useKept } from '../../form/kept.ts';
import { Loaded } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import type { ScreenProps } from '../screen-props.ts';
import { words } from './words.ts';

export interface AnsweringProps {
  api: ScreenProps['session']['api'];
  path: string;
  request: FullRequest;
  /** What can be given with the answer; null: nothing. */
  copies: LoadedCopies | null;
  again: () => void;
}

type Way = 'fulfil' | 'extend' | 'refuse';

export function Answering({ api, path, request, copies, again }: AnsweringProps) {
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
        copies={way.value === 'fulfil' ? copies : null}
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

function Saying({ api, path, request, way, copies, done, cancel }: SayingProps) {
  const { id, kind } = request;
  const first = way === 'fulfil' ? (words.suggested[kind] ?? '') : '';
  const text = useKept(`to ${way} ${id}`, first);
  const chosen = useSignal<string | null>(null);
  const ground = useSignal('');
  const submit = async () => {
    const said = text.value.trim();
    const given = copies === null ? '' : (chosen.value ?? usualIn(known(copies)));
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
      {copies !== null && (
        <Loaded of={copies}>
          {(all) => (
            <Giving
              ready={readyIn(all)}
              given={chosen.value ?? usualIn(all)}
              choose={(copy) => {
                chosen.value = copy;
              }}
            />
          )}
        </Loaded>
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

/** Nobody answers without a copy only because nobody knew yet which there are. */
function known({ state }: LoadedCopies): readonly CopyView[] {
  const now = state.peek();
  if (now.is !== 'here') throw new ApiError('unavailable', 0, words.copiesUnknown);
  return now.value;
}

function readyIn(copies: readonly CopyView[]): readonly CopyView[] {
  return copies.filter(({ state }) => state === 'ready');
}

/** What staff keep to themselves nobody gives away by not looking. */
function usualIn(copies: readonly CopyView[]): string {
  const ready = readyIn(copies);
  return (ready.find(({ backstage }) => !backstage) ?? ready[0])?.id ?? '';
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
