/** One request: what was asked, until when, and what can be done with it. */
import type { ComponentChildren } from 'preact';
import type { FullRequest, RequestAnswer } from '../../../../protocol/privacy.ts';
import { Copies, useCopies } from '../../copies/copies.tsx';
import { Loaded, useLoading, useRefreshing } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import { everMay } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import { knownTo, namesIn } from '../ledger/names.ts';
import type { ScreenProps } from '../screen-props.ts';
import { Answering, type AnsweringProps } from './answering.tsx';
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
  useRefreshing(loading, lookAgain, ({ request }) => request.state === 'working');
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
            {request.banned && <p>{words.bannedMeans}</p>}
            {request.state === 'working' && <p role="status">{words.working(request.conversations ?? 0)}</p>}
            {request.state === 'open' && <ToDo {...{ desk, api, path, request }} again={loading.again} />}
          </>
        )}
      </Loaded>
    </>
  );
}

type ToDoProps = Omit<AnsweringProps, 'copies'>;

function ToDo({ desk, ...shared }: ToDoProps & Pick<Props, 'desk'>) {
  const { kind } = shared.request;
  const wantsCopy = kind === 'access' || kind === 'portability';
  if (wantsCopy && everMay(desk.person.value, 'customer.copy')) return <Copying {...shared} />;
  return <Answers {...shared} copies={null} />;
}

/** A copy is made, and then it can be given with the answer. */
function Copying(shared: ToDoProps) {
  const of = { api: shared.api, visitor: shared.request.visitor };
  const copies = useCopies(of);
  return (
    <>
      <Copies {...of} of={copies} />
      <Answers {...shared} copies={copies} />
    </>
  );
}

/** It has the focus where what stood in it has gone. */
function Answers(props: AnsweringProps) {
  return (
    <div tabIndex={-1}>
      <Answering {...props} />
    </div>
  );
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
