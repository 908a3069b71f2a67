/** What customers ask about their own data: what waits for an answer, what was answered, or one of them. */
import { useSignal } from '@preact/signals';
import type { ListedRequest, RequestsAnswer } from '../../../../protocol/privacy.ts';
import type { DeletedAnswer } from '../../../../protocol/retention.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Time } from '../../../ui/time.tsx';
import { inWords } from '../../form/in-words.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { Deleted } from './deleted.tsx';
import { NewRequest } from './new-request.tsx';
import './privacy.css';
import { OneRequest } from './request.tsx';
import { signOf } from './sign.ts';
import { words } from './words.ts';

export function Privacy({ desk, session: { api }, id, query }: ScreenProps) {
  if (id === null) return <Requests desk={desk} api={api} />;
  // From the panel beside a conversation, or from a request of whoever has proved the same address.
  if (/^(con|vis)_/.test(id)) return <NewRequest key={id} api={api} of={id} query={query} />;
  return <OneRequest key={id} desk={desk} api={api} id={id} />;
}

type Shared = { desk: ScreenProps['desk']; api: ScreenProps['session']['api'] };

function Requests(shared: Shared) {
  const open = useLoading('requests that wait', () => pageOf(shared.api, 'open'));
  const over = useLoading('requests that were answered', () => pageOf(shared.api, 'over'));
  const deleted = useLoading('what was deleted', () => shared.api.get<DeletedAnswer>('/api/v1/deleted'));
  return (
    <>
      <Heading title={settingsWords.screens.privacy} />
      <p class="soft">{words.intro}</p>
      <h3>{words.open}</h3>
      <Loaded of={open}>
        {(first) =>
          first.requests.length === 0 ? (
            <div class="nothing">
              <p>{words.none}</p>
              <p class="soft">{words.noneHow}</p>
            </div>
          ) : (
            <Pages {...shared} state="open" first={first} />
          )
        }
      </Loaded>
      <h3>{words.over}</h3>
      <Loaded of={over}>
        {(first) =>
          first.requests.length === 0 ? (
            <p class="nothing">{words.noneOver}</p>
          ) : (
            <Pages {...shared} state="over" first={first} />
          )
        }
      </Loaded>
      <h3>{words.deleted}</h3>
      <p class="soft">{words.deletedIntro}</p>
      <Loaded of={deleted}>
        {(answer) => <Deleted deleted={answer.deleted} nameOfSite={shared.desk.sites.value} />}
      </Loaded>
      <h3>{words.sold}</h3>
      <p class="soft">{words.soldText}</p>
    </>
  );
}

type State = 'open' | 'over';

function pageOf(api: Shared['api'], state: State, after?: string): Promise<RequestsAnswer> {
  const query = after === undefined ? '' : `&after=${after}`;
  return api.get<RequestsAnswer>(`/api/v1/requests?state=${state}${query}`);
}

function Pages({ desk, api, state, first }: Shared & { state: State; first: RequestsAnswer }) {
  const more = useSignal<readonly ListedRequest[]>([]);
  const next = useSignal(first.next);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const fetchMore = async () => {
    if (busy.value || next.value === null) return;
    busy.value = true;
    problem.value = null;
    try {
      const page = await pageOf(api, state, next.value);
      more.value = [...more.value, ...page.requests];
      next.value = page.next;
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <Rows desk={desk} requests={[...first.requests, ...more.value]} />
      <Problem text={problem.value} />
      {next.value !== null && (
        <Button busy={busy.value} onPress={() => void fetchMore()}>
          {words.more}
        </Button>
      )}
    </>
  );
}

function Rows({ desk, requests }: { desk: Shared['desk']; requests: readonly ListedRequest[] }) {
  return (
    <ul class="rows requests">
      {requests.map((request) => (
        <li key={request.id}>
          <a href={settingsAddress('privacy', request.id)}>
            <span class="row-name">{words.kinds[request.kind]}</span>
            <span class="soft">
              <Time at={request.doneAt ?? request.openedAt} />
            </span>
            <span class="soft row-more">{about(request, desk)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function about({ state, dueAt, held, visitor, site }: ListedRequest, desk: Shared['desk']): string {
  const standing = state === 'open' ? words.due(dueAt, clock.value) : words.states[state];
  const parts = [standing, held && state === 'open' && words.held, signOf(visitor)];
  return [...parts, desk.sites.value.get(site)?.name].filter(Boolean).join(' · ');
}
