/** Visitors: who has written, and who may not for a while. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { BansAnswer } from '../../../../protocol/bans.ts';
import type { SeenVisitor, VisitorsAnswer } from '../../../../protocol/visitors.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Time } from '../../../ui/time.tsx';
import { inWords } from '../../form/in-words.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { visitorLabel } from '../../list/visitor-label.ts';
import { may } from '../../rights.ts';
import { addressOf } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from '../words.ts';
import { Bans } from './bans.tsx';
import { NewBan } from './new-ban.tsx';

export function Visitors({ desk, session: { api } }: ScreenProps) {
  const me = desk.person.value;
  const bans = useLoading('bans', async () => (await api.get<BansAnswer>('/api/v1/bans')).bans);
  const visitors = useLoading('visitors', async () => pageOf(api));
  const again = () => {
    bans.again();
    visitors.again();
  };
  return (
    <>
      <Heading title={words.screens.visitors} />
      <p class="soft">{words.visitors.intro}</p>
      <Loaded of={visitors}>{(first) => <Seen desk={desk} api={api} first={first} />}</Loaded>
      <h3>{words.visitors.bans}</h3>
      <Loaded of={bans}>{(all) => <Bans api={api} me={me} desk={desk} bans={all} again={again} />}</Loaded>
      {may(me, 'visitor.ban') && <NewBan api={api} made={bans.again} />}
    </>
  );
}

type Api = ScreenProps['session']['api'];

async function pageOf(api: Api, after?: SeenVisitor): Promise<SeenVisitor[]> {
  const query = after === undefined ? '' : `?before=${after.lastAt}&id=${after.id}`;
  return (await api.get<VisitorsAnswer>(`/api/v1/visitors${query}`)).visitors;
}

interface SeenProps {
  desk: ScreenProps['desk'];
  api: Api;
  first: readonly SeenVisitor[];
}

function Seen({ desk, api, first }: SeenProps) {
  const more = useSignal<readonly SeenVisitor[]>([]);
  const isAll = useSignal(first.length < limits.listVisitors);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const visitors = [...first, ...more.value];
  const newest = visitors.map((visitor) => visitor.newest);
  // Names are asked for where they come into sight.
  useEffect(() => desk.customers.inSight(newest), [newest.join(' ')]);
  const fetchMore = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      const page = await pageOf(api, visitors.at(-1));
      isAll.value = page.length < limits.listVisitors;
      more.value = [...more.value, ...page];
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  if (visitors.length === 0) return <p class="nothing">{words.visitors.none}</p>;
  return (
    <>
      <ul class="rows">
        {visitors.map((visitor) => (
          <li key={visitor.id}>
            <a href={addressOf(visitor.newest)}>
              <span class="row-name" dir="auto">
                {visitorLabel(visitor.newest, desk.customers.names.value.get(visitor.newest)?.name)}
              </span>
              <span class="soft">
                <Time at={visitor.lastAt} />
              </span>
              <span class="soft row-more">{about(visitor, desk)}</span>
            </a>
          </li>
        ))}
      </ul>
      <Problem text={problem.value} />
      {!isAll.value && (
        <p>
          <Button busy={busy.value} onPress={() => void fetchMore()}>
            {words.visitors.more}
          </Button>
        </p>
      )}
    </>
  );
}

function about({ site, conversations, banned }: SeenVisitor, desk: ScreenProps['desk']): string {
  const name = desk.sites.value.get(site)?.name;
  return [name, words.visitors.conversations(conversations), banned ? words.visitors.banned : undefined]
    .filter((each) => each !== undefined)
    .join(' · ');
}
