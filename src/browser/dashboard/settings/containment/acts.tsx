/** Everything that can be held back, grouped; each says what it does and what it does not, and asks once more. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { ContainmentReason } from '../../../../protocol/containment.ts';
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
}

const hour = 3_600_000;
const logHours = [1, 4, 12, 24];

export function Acts({ desk, api, people, reason, busy, attempt }: Props) {
  const me = desk.person.value;
  const others = people.filter(({ id }) => id !== me.id);
  const teams = [...(desk.teams.value?.values() ?? [])];
  const sites = [...desk.sites.value.values()];
  const hold = (body: object) => api.post('/api/v1/containment', { reason, ...body });
  const shared = { busy, attempt };
  return (
    <>
      <h3>{words.groups.people}</h3>
      <div class="emergency">
        <OfOne
          {...shared}
          of={words.lock}
          label={words.person}
          choices={others}
          act={(target) => hold({ kind: 'person', target })}
        />
        {everMay(me, 'people.endSessions') && (
          <>
            <OfOne
              {...shared}
              of={words.endPerson}
              label={words.person}
              choices={others}
              act={(id) => api.delete(`/api/v1/people/${id}/sessions`)}
            />
            <OfOne
              {...shared}
              of={words.endTeam}
              label={words.team}
              choices={teams}
              act={(id) => api.delete(`/api/v1/teams/${id}/sessions`)}
            />
            <Plain {...shared} of={words.endAll} act={() => api.delete('/api/v1/sessions')} />
          </>
        )}
      </div>
      <h3>{words.groups.all}</h3>
      <div class="emergency">
        {(['readOnly', 'exports', 'files'] as const).map((kind) => (
          <Plain key={kind} {...shared} of={words[kind]} act={() => hold({ kind })} />
        ))}
      </div>
      <h3>{words.groups.outside}</h3>
      <div class="emergency">
        <OfOne
          {...shared}
          of={words.shut}
          label={words.site}
          choices={sites}
          act={(target) => hold({ kind: 'site', target })}
        />
        <Block {...shared} act={(body) => hold({ kind: 'network', ...body })} />
      </div>
      <h3>{words.groups.traces}</h3>
      <div class="emergency">
        <Card name={words.keys.name} does={words.keys.does}>
          <a class="button" href={settingsAddress('keys')}>
            {words.keys.go}
          </a>
        </Card>
        <Logging {...shared} act={(lasts) => hold({ kind: 'logging', lasts })} />
      </div>
    </>
  );
}

interface Of {
  name: string;
  does: string;
  not: string;
  action: string;
  ask: (of: string) => Omit<Question, 'danger'>;
}
type Shared = Pick<Props, 'busy' | 'attempt'>;

function Card({
  name,
  does,
  not,
  children,
}: {
  name: string;
  does: string;
  not?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div>
        <h4 id={id}>{name}</h4>
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
  act,
  children,
}: Shared & {
  of: Of;
  what?: string;
  ready?: boolean;
  act: () => Promise<unknown>;
  children?: ComponentChildren;
}) {
  const submitted = async () => {
    if (busy || !ready || !(await ask({ ...of.ask(what), danger: true }))) return;
    await attempt(act, words.done(`${of.name}.`));
  };
  return (
    <Card name={of.name} does={of.does} not={of.not}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submitted();
        }}
      >
        {children}
        <Button submit kind="danger" busy={busy}>
          {of.action}
        </Button>
      </form>
    </Card>
  );
}

function Plain(props: Shared & { of: Of; act: () => Promise<unknown> }) {
  return <Act {...props} />;
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
  const chosen = useSignal('');
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
      of={words.block}
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
    <Act {...shared} of={words.logging} act={() => act(Number(hours.value) * hour)}>
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
