/** Security checks: how the deployment stands, running them, what to do about each, and how it was before. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type {
  CheckRun,
  ChecksAnswer,
  ChecksBegun,
  CheckStanding,
  CheckView,
} from '../../../../protocol/checks.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Loaded, useLoading, useRefreshing } from '../../form/loaded.tsx';
import { useDoing } from '../../me/doing.ts';
import { everMay } from '../../rights.ts';
import { Heading } from '../heading.tsx';
import { knownTo, namesIn } from '../ledger/names.ts';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { CheckLine, type Shared } from './check.tsx';
import './checks.css';
import { History } from './history.tsx';
import { Report } from './report.tsx';
import { words } from './words.ts';

const path = '/api/v1/checks';
/** How often a run that goes on is looked at. */
const lookAgain = 2_000;

export function Checks({ desk, session: { api } }: ScreenProps) {
  const loading = useLoading('checks', async () => {
    const [answer, known] = await Promise.all([api.get<ChecksAnswer>(path), knownTo(desk, api)]);
    return { ...answer, nameOf: namesIn(known, desk) };
  });
  const doing = useDoing();
  const said = useSignal('');
  const now = loading.state.value;
  const here = now.is === 'here' ? now.value : undefined;
  const running = here?.running ?? null;
  useRefreshing(loading, lookAgain, (answer) => answer.running !== null);
  const watched = useRef<string | undefined>(undefined);
  useEffect(() => {
    const ended = here?.history.find(({ id }) => id === watched.current);
    if (ended !== undefined && here !== undefined)
      said.value = words.ended(passedIn(here.checks), here.checks.length);
    if (here !== undefined && (running !== null || ended !== undefined)) watched.current = running?.id;
  }, [here]);
  const mayRun = everMay(desk.person.value, 'checks.run');
  const run = () =>
    doing.attempt(async () => {
      said.value = words.begun;
      watched.current = (await api.post<ChecksBegun>(`${path}/runs`, {})).run;
      loading.again();
    });
  return (
    <>
      <Heading title={settingsWords.screens.checks}>
        {mayRun && (
          <Button
            kind="first"
            busy={doing.busy.value || running !== null}
            onPress={() => void (running ?? run())}
          >
            {words.run}
          </Button>
        )}
      </Heading>
      <p class="soft">{words.intro}</p>
      <p role="status">{said.value}</p>
      <Problem text={doing.problem.value} />
      <Loaded of={loading}>
        {({ checks, history, nameOf }) => (
          <>
            {running !== null && <Running run={running} all={checks.length} />}
            <Score checks={checks} last={history[0]} />
            {history.length > 0 && (
              <>
                <Lists
                  checks={checks}
                  {...{ api, desk, nameOf, mayRun }}
                  changed={(text) => {
                    if (text !== undefined) said.value = text;
                    loading.again();
                  }}
                />
                <History runs={history} />
                <Report api={api} />
              </>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function passedIn(checks: readonly CheckView[]): number {
  return checks.filter(({ standing }) => standing === 'passed').length;
}

function Running({ run: { done }, all }: { run: CheckRun; all: number }) {
  return (
    <section class="checks-box" aria-labelledby="checks-running">
      <h3 id="checks-running">{words.running}</h3>
      <progress max={all} value={done} aria-labelledby="checks-running" />
      <p class="soft">{words.soFar(done, all)}</p>
    </section>
  );
}

/** What needs somebody comes first. */
const order = ['failed', 'not-run', 'accepted', 'passed'] as const satisfies readonly CheckStanding[];

function Score({ checks, last }: { checks: readonly CheckView[]; last: CheckRun | undefined }) {
  const count = (standing: CheckStanding) => checks.filter((check) => check.standing === standing).length;
  return (
    <section class="checks-box" aria-labelledby="checks-score">
      <h3 id="checks-score">{words.score}</h3>
      {last === undefined ? (
        <p>{words.none}</p>
      ) : (
        <>
          <p class="checks-score">{words.of(count('passed'), checks.length)}</p>
          <dl class="checks-counts">
            {order
              .filter((standing) => standing !== 'passed')
              .map((standing) => (
                <div key={standing} class={standing}>
                  <dt>{words.standings[standing]}</dt>
                  <dd>{count(standing)}</dd>
                </div>
              ))}
          </dl>
          <p class="soft">{words.last(last.overAt ?? last.begunAt)}</p>
        </>
      )}
    </section>
  );
}

function Lists({ checks, ...shared }: { checks: readonly CheckView[] } & Shared) {
  return (
    <>
      {order.map((standing) => {
        const some = checks.filter((check) => check.standing === standing);
        const list =
          some.length === 0 ? (
            <p class="nothing">{words.nothing}</p>
          ) : (
            <ul class="rows checks">
              {some.map((check) => (
                <CheckLine key={check.id} check={check} {...shared} />
              ))}
            </ul>
          );
        if (standing === 'passed')
          return (
            <details key={standing} class="checks-passed">
              <summary>{words.section(standing, some.length)}</summary>
              <p class="soft">{words.explained[standing]}</p>
              {list}
            </details>
          );
        return (
          <section key={standing} aria-labelledby={`checks-${standing}`}>
            <h3 id={`checks-${standing}`}>{words.section(standing, some.length)}</h3>
            <p class="soft">{words.explained[standing]}</p>
            {list}
          </section>
        );
      })}
    </>
  );
}
