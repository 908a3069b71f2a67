/** One person: their role, where they belong, and what can be done about their way in. */
import { useSignal } from '@preact/signals';
import type { Colleague, Team } from '../../../../protocol/bodies.ts';
import { covers, type CustomRole } from '../../../../protocol/roles.ts';
import type { Myself } from '../../../../protocol/sign-in.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask, type Question } from '../../dialog/ask.ts';
import { Form } from '../../form/form.tsx';
import { inWords } from '../../form/in-words.ts';
import { useKept } from '../../form/kept.ts';
import { everMay } from '../../rights.ts';
import { goTo, ledgerAddress, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { roleNameOf } from '../../words.ts';
import { Heading } from '../heading.tsx';
import { allRoles } from '../roles/all.ts';
import { words } from '../words.ts';
import { RoleChoice } from './role-choice.tsx';

interface Props {
  api: Session['api'];
  me: Myself;
  person: Colleague;
  /** Who asked that their second factors are reset, if somebody did. */
  askedBy: string;
  teams: readonly Team[];
  roles: readonly CustomRole[];
  again: () => void;
}

export function OnePerson({ api, me, person, askedBy, teams, roles, again }: Props) {
  const { name, address, state, hasFactor } = person;
  const mayAct = mayTouch(me, person, roles);
  const standing = [
    words.people.states[state],
    ...(state === 'active' && !hasFactor ? [words.people.noFactor] : []),
  ];
  return (
    <>
      <Heading
        title={person.id === me.id ? `${name} (${words.people.you})` : name}
        back={settingsAddress('people')}
      />
      <p>
        <a href={`mailto:${address}`}>{address}</a> <span class="soft">{standing.join(' · ')}</span>
      </p>
      <div class="short">
        <RoleForm api={api} me={me} person={person} roles={roles} again={again} />
        <section>
          <h3>{words.people.teams}</h3>
          <TeamNames me={me} teams={teams.filter(({ id }) => person.teams.includes(id))} />
        </section>
        {everMay(me, 'ledger.read') && <InLedger id={person.id} />}
      </div>
      {mayAct && person.id !== me.id && everMay(me, 'people.change') && (
        <Acts api={api} me={me} person={person} askedBy={askedBy} again={again} />
      )}
    </>
  );
}

function TeamNames({ me, teams }: Pick<Props, 'me' | 'teams'>) {
  if (teams.length === 0) return <p class="soft">{words.people.inNoTeam}</p>;
  return (
    <ul>
      {teams.map(({ id, name }) => (
        <li key={id}>
          {everMay(me, 'teams.change') ? <a href={settingsAddress('teams', id)}>{name}</a> : name}
        </li>
      ))}
    </ul>
  );
}

function InLedger({ id }: { id: string }) {
  return (
    <section>
      <h3>{words.people.ledger}</h3>
      <ul>
        <li>
          <a href={ledgerAddress({ actor: id })}>{words.people.ledgerDid}</a>
        </li>
        <li>
          <a href={ledgerAddress({ about: id, action: 'signIn' })}>{words.people.ledgerSignIn}</a>
        </li>
      </ul>
    </section>
  );
}

function RoleForm({ api, me, person, roles, again }: Omit<Props, 'teams' | 'askedBy'>) {
  const saved = useSignal(person.role);
  const role = useKept(`the role of ${person.id}`, person.role);
  const why = whyNot(me, person, roles);
  if (why !== null)
    return (
      <p>
        {roleNameOf(person)} <span class="soft">{why}</span>
      </p>
    );
  const submit = async () => {
    await api.patch(`/api/v1/people/${person.id}`, { role: role.value });
    saved.value = role.value;
    again();
  };
  return (
    <Form
      action={words.people.changeRole}
      submit={submit}
      changed={() => role.value !== saved.value}
      done={words.people.saved}
    >
      <RoleChoice
        me={me}
        custom={roles}
        value={role.value}
        change={(chosen) => {
          role.value = chosen;
        }}
      />
      <p class="soft">{words.people.roleHow}</p>
    </Form>
  );
}

/** Why this person's role can't be changed by whoever looks; null if it can. */
function whyNot(me: Myself, person: Colleague, roles: readonly CustomRole[]): string | null {
  if (person.id === me.id) return words.people.ownRole;
  if (!everMay(me, 'people.change')) return '';
  return mayTouch(me, person, roles) ? null : words.people.aboveRole;
}

/** Whoever may do more than one may oneself is not one's to act upon. */
function mayTouch(me: Myself, { role }: Colleague, roles: readonly CustomRole[]): boolean {
  const held = allRoles(roles).find((each) => each.role === role);
  return held === undefined || covers(me.grants, held.grants);
}

function Acts({ api, me, person, askedBy, again }: Omit<Props, 'teams' | 'roles'>) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const said = useSignal('');
  const path = `/api/v1/people/${person.id}`;
  const attempt = async (question: Question | null, act: () => Promise<unknown>, done: string) => {
    if (busy.value || (question !== null && !(await ask({ ...question, danger: true })))) return;
    busy.value = true;
    problem.value = null;
    said.value = '';
    try {
      await act();
      said.value = done;
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  const setState = async (state: 'active' | 'disabled') => {
    await api.patch(path, { state });
    again();
  };
  const reset = async (how: 'ask' | 'approve' | 'cancel') => {
    if (how === 'cancel') await api.delete(`${path}/reset`);
    else await api.post(how === 'ask' ? `${path}/reset` : `${path}/reset/approve`, {});
    again();
  };
  const withdraw = async () => {
    await api.delete(path);
    goTo(settingsAddress('people'));
  };
  const { people } = words;
  const { name, state } = person;
  return (
    <section class="remove">
      <Problem text={problem.value} />
      {person.reset !== null && (
        <div class="unknown wish">
          <p>{person.reset.by === me.id ? people.resetMine : people.resetBy(askedBy)}</p>
          <div class="form-end">
            {person.reset.by !== me.id && (
              <Button
                small
                busy={busy.value}
                onPress={() => void attempt(people.approveAsk(name), () => reset('approve'), '')}
              >
                {people.approve}
              </Button>
            )}
            <Button small busy={busy.value} onPress={() => void attempt(null, () => reset('cancel'), '')}>
              {people.cancelReset}
            </Button>
          </div>
        </div>
      )}
      <div class="form-end">
        {state === 'invited' && (
          <>
            <Button
              busy={busy.value}
              onPress={() => void attempt(null, () => api.post(`${path}/invitation`, {}), people.againDone)}
            >
              {people.again}
            </Button>
            <Button busy={busy.value} onPress={() => void attempt(people.withdrawAsk(name), withdraw, '')}>
              {people.withdraw}
            </Button>
          </>
        )}
        {state === 'active' && (
          <>
            <Button
              busy={busy.value}
              onPress={() =>
                void attempt(
                  people.endSessionsAsk(name),
                  () => api.delete(`${path}/sessions`),
                  people.endSessionsDone,
                )
              }
            >
              {people.endSessions}
            </Button>
            {person.hasFactor && person.reset === null && (
              <Button
                busy={busy.value}
                onPress={() => void attempt(people.resetAsk(name), () => reset('ask'), '')}
              >
                {people.reset}
              </Button>
            )}
            <Button
              kind="danger"
              busy={busy.value}
              onPress={() => void attempt(people.disableAsk(name), () => setState('disabled'), '')}
            >
              {people.disable}
            </Button>
          </>
        )}
        {state === 'disabled' && (
          <Button busy={busy.value} onPress={() => void attempt(null, () => setState('active'), '')}>
            {people.enable}
          </Button>
        )}
        <span role="status" class="soft">
          {said.value}
        </span>
      </div>
    </section>
  );
}
