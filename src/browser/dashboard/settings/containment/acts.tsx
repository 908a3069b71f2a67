/** Everything that can be held back, grouped; each says what it does and what it does not, and asks once more. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { ContainingAct, ContainmentReason } from '../../../../protocol/containment.ts';
import { Button } from '../../../ui/button.tsx';
import type { Desk } from '../../desk.ts';
import { ask, type Question } from '../../dialog/ask.ts';
import { type Duration, DurationChoice, durations } from '../../form/duration.tsx';
import { Choice, Line } from '../../form/field.tsx';
import { everMay } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { words } from './words.ts';

export type Attempt = (act: () => Promise<unknown>, done: string) => Promise<void>;

interface Props {
  desk: Desk;
  api: Session['api'];
  people: readonly { id: string; name: string }[];
  reason: ContainmentReason;
  busy: boolean;
  attempt: Attempt;
  wanted: Wanted;
}

/** With which act somebody comes, of whom or what, as the address has it. */
export interface Wanted {
  act: string | null;
  about: string;
}

const hour = 3_600_000;
const logHours = [1, 4, 12, 24];

export function Acts({ desk, api, people, reason, busy, attempt, wanted }: Props) {
  const me = desk.person.value;
  const others = people.filter(({ id }) => id !== me.id);
  const teams = [...(desk.teams.value?.values() ?? [])];
  const sites = [...desk.sites.value.values()];
  const hold = (body: object) => api.post('/api/v1/containment', { reason, ...body });
  const shared = { busy, attempt, wanted };
  return (
    <>
      <h3>{words.groups.people}</h3>
      <div class="emergency">
        <OfOne
          {...shared}
          of="person"
          label={words.person}
          choices={others}
          act={(target) => hold({ kind: 'person', target })}
        />
        {everMay(me, 'people.endSessions') && (
          <>
            <OfOne
              {...shared}
              of="endPerson"
              label={words.person}
              choices={others}
              act={(id) => api.delete(`/api/v1/people/${id}/sessions`)}
            />
            <OfOne
              {...shared}
              of="endTeam"
              label={words.team}
              choices={teams}
              act={(id) => api.delete(`/api/v1/teams/${id}/sessions`)}
            />
            <Plain {...shared} of="endAll" act={() => api.delete('/api/v1/sessions')} />
          </>
        )}
      </div>
      <h3>{words.groups.all}</h3>
      <div class="emergency">
        {(['readOnly', 'exports', 'files'] as const).map((kind) => (
          <Plain key={kind} {...shared} of={kind} act={() => hold({ kind })} />
        ))}
      </div>
      <h3>{words.groups.outside}</h3>
      <div class="emergency">
        <OfOne
          {...shared}
          of="site"
          label={words.site}
          choices={sites}
          act={(target) => hold({ kind: 'site', target })}
        />
        <Block {...shared} act={(body) => hold({ kind: 'network', ...body })} />
      </div>
      <h3>{words.groups.traces}</h3>
      <div class="emergency">
        <Card act="keys" wanted={wanted} does={words.acts.keys.does}>
          <a class="button" href={settingsAddress('keys')}>
            {words.acts.keys.go}
          </a>
        </Card>
        <Logging {...shared} act={(lasts) => hold({ kind: 'logging', lasts })} />
      </div>
    </>
  );
}

/** What is done here; keys are renewed elsewhere. */
type Of = Exclude<ContainingAct, 'keys'>;
type Shared = Pick<Props, 'busy' | 'attempt' | 'wanted'>;

function Card({
  act,
  wanted,
  does,
  not,
  children,
}: {
  act: ContainingAct;
  wanted: Wanted;
  does: string;
  not?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const isWanted = wanted.act === act;
  useEffect(() => {
    if (isWanted) heading.current?.focus();
  }, [isWanted]);
  return (
    <section aria-labelledby={id} class={isWanted ? 'wanted' : undefined}>
      <div>
        <h4 id={id} ref={heading} tabIndex={-1}>
          {words.acts[act].name}
        </h4>
        <p>{does}</p>
        {not !== undefined && (
          <p class="soft">
            <strong>{words.doesNot}</strong>
            {not}
          </p>
        )}
      </div>
      {children}
    </section>
  );
}

/** One act: it is asked once more, and then done. */
function Act({
  of,
  what = '',
  ready = true,
  busy,
  attempt,
  wanted,
  act,
  children,
}: Shared & {
  of: Of;
  what?: string;
  ready?: boolean;
  act: () => Promise<unknown>;
  children?: ComponentChildren;
}) {
  const { name, does, not, action, ask: question } = words.acts[of];
  const submitted = async () => {
    const asked: Omit<Question, 'danger'> = question(what);
    if (busy || !ready || !(await ask({ ...asked, danger: true }))) return;
    await attempt(act, words.done(`${name}.`));
  };
  return (
    <Card act={of} wanted={wanted} does={does} not={not}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submitted();
        }}
      >
        {children}
        <Button submit kind="danger" busy={busy}>
          {action}
        </Button>
      </form>
    </Card>
  );
}

function Plain(props: Shared & { of: Of; act: () => Promise<unknown> }) {
  return <Act {...props} />;
}

/** As it is one of them; else none. */
export function amongst(choices: readonly { id: string }[], wanted: string): string {
  return choices.some(({ id }) => id === wanted) ? wanted : '';
}

function OfOne({
  label,
  choices,
  act,
  ...shared
}: Shared & {
  of: Of;
  label: string;
  choices: readonly { id: string; name: string }[];
  act: (id: string) => Promise<unknown>;
}) {
  const chosen = useSignal(amongst(choices, shared.wanted.about));
  const one = choices.find(({ id }) => id === chosen.value);
  return (
    <Act {...shared} what={one?.name ?? ''} ready={one !== undefined} act={() => act(chosen.value)}>
      <Choice
        label={label}
        value={chosen.value}
        change={(id) => {
          chosen.value = id;
        }}
        options={[['', ''], ...choices.map(({ id, name }) => [id, name] as const)]}
      />
    </Act>
  );
}

function Block({ act, ...shared }: Shared & { act: (body: object) => Promise<unknown> }) {
  const target = useSignal('');
  const lasts = useSignal<Duration>('day');
  const network = target.value.trim();
  return (
    <Act
      {...shared}
      of="network"
      what={network}
      ready={network !== ''}
      act={() => act({ target: network, lasts: durations[lasts.value] })}
    >
      <Line
        label={words.network}
        value={target.value}
        change={(value) => {
          target.value = value;
        }}
        hint={words.networkHint}
        input={{ required: true, maxLength: 60, autocomplete: 'off', dir: 'ltr' }}
      />
      <DurationChoice
        label={words.lasts}
        value={lasts.value}
        change={(value) => {
          lasts.value = value;
        }}
      />
    </Act>
  );
}

function Logging({ act, ...shared }: Shared & { act: (lasts: number) => Promise<unknown> }) {
  const hours = useSignal('4');
  return (
    <Act {...shared} of="logging" act={() => act(Number(hours.value) * hour)}>
      <Choice
        label={words.lasts}
        value={hours.value}
        change={(value) => {
          hours.value = value;
        }}
        options={logHours.map((each) => [String(each), words.hours(each)] as const)}
      />
    </Act>
  );
}
