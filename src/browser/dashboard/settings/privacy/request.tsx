/** One request: what was asked, until when, and what can be done with it. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FullRequest, RequestAnswer } from '../../../../protocol/privacy.ts';
import type { CopyView } from '../../../../protocol/copies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Copies, copiesOf, nameOf as nameOfCopy } from '../../copies/copies.tsx';
import { ask } from '../../dialog/ask.ts';
import { Area, Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { inWords } from '../../form/in-words.ts';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import { everMay } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import { knownTo, namesIn } from '../ledger/names.ts';
import type { ScreenProps } from '../screen-props.ts';
import { Others } from './others.tsx';
import { signOf } from './sign.ts';
import { words } from './words.ts';

type Api = ScreenProps['session']['api'];
interface Props {
  desk: ScreenProps['desk'];
  api: Api;
  id: string;
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
/** How often one that goes on by itself is looked at. */
const lookAgain = 3_000;

export function OneRequest({ desk, api, id }: Props) {
  const path = `/api/v1/requests/${encodeURIComponent(id)}`;
  const loading = useLoading(`request ${id}`, async () => {
    const [{ request }, known] = await Promise.all([api.get<RequestAnswer>(path), knownTo(desk, api)]);
    return { request, nameOf: namesIn(known, desk) };
  });
  const now = loading.state.value;
  const isWorking = now.is === 'here' && now.value.request.state === 'working';
  useEffect(() => {
    if (!isWorking) return undefined;
    const timer = setInterval(loading.again, lookAgain);
    return () => clearInterval(timer);
  }, [isWorking]);
  const kind = now.is === 'here' ? words.kinds[now.value.request.kind] : words.request;
  return (
    <>
      <Heading title={kind} back={settingsAddress('privacy')} />
      <Loaded of={loading}>
        {({ request, nameOf }) => (
          <>
            <Facts request={request} desk={desk} nameOf={nameOf} />
            <Others request={request} desk={desk} />
            {request.held && request.state === 'open' && <p>{words.heldMeans}</p>}
            {request.state === 'working' && <p role="status">{words.working(request.conversations ?? 0)}</p>}
            {request.state === 'open' && wantsCopy(request) && mayCopy(desk) && (
              <Copies api={api} visitor={request.visitor} />
            )}
            {request.state === 'open' && (
              // It has the focus where what stood in it has gone.
              <div tabIndex={-1}>
                <Answering
                  api={api}
                  path={path}
                  request={request}
                  mayCopy={mayCopy(desk)}
                  again={loading.again}
                />
              </div>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function wantsCopy({ kind }: FullRequest): boolean {
  return kind === 'access' || kind === 'portability';
}

function mayCopy(desk: Props['desk']): boolean {
  return everMay(desk.person.value, 'customer.copy');
}

interface FactsProps {
  request: FullRequest;
  desk: Props['desk'];
  nameOf: (id: string) => string;
}

function Facts({ request, desk, nameOf }: FactsProps) {
  const { state, visitor, name, site, law, proof, how, wish, openedAt, dueAt, doneAt } = request;
  const { openedBy, decidedBy, extension, answer, copy, hasReceipt, id } = request;
  const { fields } = words;
  return (
    <dl class="request-facts">
      <Fact name={fields.state}>{words.states[state]}</Fact>
      {state === 'open' && (
        <Fact name={fields.due}>{`${words.due(dueAt, clock.value)} (${when.format(dueAt)})`}</Fact>
      )}
      <Fact name={fields.customer}>{name ?? signOf(visitor)}</Fact>
      <Fact name={fields.site}>{desk.sites.value.get(site)?.name}</Fact>
      <Fact name={fields.opened}>{when.format(openedAt)}</Fact>
      <Fact name={fields.openedBy}>{openedBy === null ? words.themselves : nameOf(openedBy)}</Fact>
      <Fact name={fields.proof}>{how ?? words.proofs[proof]}</Fact>
      <Fact name={fields.law}>{words.laws[law]}</Fact>
      <Fact name={fields.wish}>{wish}</Fact>
      <Fact name={fields.extension}>{extension}</Fact>
      <Fact name={fields.decidedBy}>{decidedBy && nameOf(decidedBy)}</Fact>
      <Fact name={fields.done}>{doneAt && when.format(doneAt)}</Fact>
      <Fact name={fields.answer}>{answer}</Fact>
      <Fact name={fields.copy}>{copy && words.handed(when.format(copy.until))}</Fact>
      {hasReceipt && (
        <Fact name={fields.receipt}>
          <a href={`/receipts/${id}`} target="_blank" rel="noopener">
            {words.receipt}
          </a>{' '}
          <span class="soft">{words.receiptHow}</span>
        </Fact>
      )}
    </dl>
  );
}

/** What nobody has said is left out. */
function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null || children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

interface AnsweringProps {
  api: Api;
  path: string;
  request: FullRequest;
  mayCopy: boolean;
  again: () => void;
}

type Way = 'fulfil' | 'extend' | 'refuse';

function Answering({ api, path, request, mayCopy, again }: AnsweringProps) {
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
    await api.post(`${path}/${way}`, way === 'fulfil' ? { answer: said, ...copy } : { reason: said });
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
