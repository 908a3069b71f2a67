/** Alarms: what nobody has answered yet, and what was answered by whom, with why. */
import { useSignal } from '@preact/signals';
import type { Alarm, AlarmsAnswer } from '../../../../protocol/alarms.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { inWords } from '../../form/in-words.ts';
import { holding, Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay } from '../../rights.ts';
import { Heading } from '../heading.tsx';
import { knownTo, namesIn } from '../ledger/names.ts';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { AlarmLine } from './alarm.tsx';
import './alarms.css';
import { Webhooks } from './webhooks.tsx';
import { words } from './words.ts';

export function Alarms({ desk, session: { api } }: ScreenProps) {
  const known = useLoading('known of alarms', () => knownTo(desk, api));
  const open = useLoading('open alarms', () => pageOf(api, 'open'));
  const answered = useLoading('answered alarms', () => pageOf(api, 'answered'));
  const again = () => {
    open.again();
    answered.again();
  };
  return (
    <>
      <Heading title={settingsWords.screens.alarms} />
      <p class="soft">{words.intro}</p>
      <Loaded of={holding(known, open, answered)}>
        {(found) => {
          const shared = { desk, api, nameOf: namesIn(found, desk), again };
          return (
            <>
              <h3>{words.open}</h3>
              <Loaded of={open}>{(first) => <Page {...shared} state="open" first={first} />}</Loaded>
              <h3>{words.answered}</h3>
              <Loaded of={answered}>{(first) => <Page {...shared} state="answered" first={first} />}</Loaded>
            </>
          );
        }}
      </Loaded>
      {everMay(desk.person.value, 'organisation.change') && <Webhooks api={api} />}
    </>
  );
}

type Api = ScreenProps['session']['api'];
type State = 'open' | 'answered';

function pageOf(api: Api, state: State, before?: number): Promise<AlarmsAnswer> {
  const query = before === undefined ? '' : `&before=${before}`;
  return api.get<AlarmsAnswer>(`/api/v1/alarms?state=${state}${query}`);
}

interface PageProps {
  desk: ScreenProps['desk'];
  api: Api;
  nameOf: (id: string) => string;
  state: State;
  first: AlarmsAnswer;
  again: () => void;
}

function Page({ state, first, ...shared }: PageProps) {
  const more = useSignal<readonly Alarm[]>([]);
  const next = useSignal(first.next);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const alarms = [...first.alarms, ...more.value];
  const fetchMore = async () => {
    if (busy.value || next.value === null) return;
    busy.value = true;
    problem.value = null;
    try {
      const page = await pageOf(shared.api, state, next.value);
      more.value = [...more.value, ...page.alarms];
      next.value = page.next;
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      {alarms.length === 0 ? (
        <p class="nothing">{state === 'open' ? words.none : words.noneAnswered}</p>
      ) : (
        <ul class="alarms">
          {alarms.map((alarm) => (
            <AlarmLine key={alarm.id} alarm={alarm} {...shared} />
          ))}
        </ul>
      )}
      <Problem text={problem.value} />
      {next.value !== null && (
        <Button busy={busy.value} onPress={() => void fetchMore()}>
          {words.more}
        </Button>
      )}
    </>
  );
}
