/** A role of the organisation's own: what it is called and how far each permission reaches. */
import { useSignal } from '@preact/signals';
import type { Grants } from '../../../../protocol/permissions.ts';
import { reaches } from '../../../../protocol/reach.ts';
import { covers, type RoleAnswer } from '../../../../protocol/roles.ts';
import type { Myself } from '../../../../protocol/sign-in.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Choice, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { inWords } from '../../form/in-words.ts';
import { useKept } from '../../form/kept.ts';
import { goHome, goTo, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import { words } from '../words.ts';
import type { RoleOption } from './all.ts';
import { groups, meaningOf, reachesOf } from './groups.ts';

interface Draft {
  name: string;
  grants: Grants;
}

interface CreatorProps {
  me: Myself;
  api: Session['api'];
  roles: readonly RoleOption[];
}

export function RoleCreator({ me, api, roles }: CreatorProps) {
  const possible = roles.filter(({ grants }) => covers(me.grants, grants));
  const first = possible.find(({ role }) => role === 'agent') ?? possible[0];
  const basis = useKept('what a new role begins with', first?.role ?? '');
  const empty: Draft = { name: '', grants: first?.grants ?? {} };
  const draft = useKept('a new role', empty);
  const done = useSignal(false);
  const submit = async () => {
    const { role } = await api.post<RoleAnswer>('/api/v1/roles', draft.value);
    done.value = true;
    goTo(settingsAddress('roles', role.id));
  };
  return (
    <>
      <Heading title={words.roles.create} back={settingsAddress('roles')} />
      <p class="soft">{words.roles.createHow}</p>
      <Form
        action={words.roles.createAction}
        submit={submit}
        changed={() => !done.value && draft.value.name.trim() !== ''}
      >
        <NameLine draft={draft} />
        <Choice
          label={words.roles.beginWith}
          value={basis.value}
          change={(role) => {
            basis.value = role;
            const grants = possible.find((each) => each.role === role)?.grants ?? {};
            draft.value = { ...draft.value, grants };
          }}
          options={possible.map(({ role, name }) => [role, name] as const)}
          hint={words.roles.beginHint}
        />
        <Permissions me={me} draft={draft} />
      </Form>
    </>
  );
}

interface EditorProps {
  me: Myself;
  session: Session;
  role: RoleOption;
  /** Why it can't be changed; null if it can. */
  whyNot: string | null;
  again: () => void;
}

export function RoleEditor({ me, session, role: { role, name, grants }, whyNot, again }: EditorProps) {
  const saved = useSignal<Draft>({ name, grants });
  const draft = useKept<Draft>(role, saved.value);
  const submit = async () => {
    const { api } = session;
    const answer = await api.patch<RoleAnswer>(`/api/v1/roles/${role}`, changesOf(saved.value, draft.value));
    saved.value = { name: answer.role.name, grants: answer.role.grants };
    draft.value = saved.value;
    again();
  };
  const maySeeAs = covers(me.grants, grants);
  return (
    <>
      <Heading title={saved.value.name} back={settingsAddress('roles')} />
      {whyNot !== null && <p class="soft">{whyNot}</p>}
      <Form
        action={words.save}
        submit={submit}
        changed={() => Object.keys(changesOf(saved.value, draft.value)).length > 0}
        done={words.saved}
        readOnly={whyNot !== null}
      >
        {whyNot === null && <NameLine draft={draft} />}
        <Permissions me={me} draft={draft} />
      </Form>
      {maySeeAs && (
        <section>
          <h3>{words.roles.seeAs}</h3>
          <p class="soft">{words.roles.seeAsHow}</p>
          <Button
            onPress={() => {
              session.seenAs.value = { role, roleName: name, grants };
              goHome();
            }}
          >
            {words.roles.seeAs}
          </Button>
        </section>
      )}
      {whyNot === null && <Removal api={session.api} role={role} name={saved.value.name} />}
    </>
  );
}

function changesOf(before: Draft, after: Draft): Partial<Draft> {
  const same = covers(before.grants, after.grants) && covers(after.grants, before.grants);
  return {
    ...(before.name === after.name ? {} : { name: after.name }),
    ...(same ? {} : { grants: after.grants }),
  };
}

interface DraftProps {
  draft: { value: Draft };
}

function NameLine({ draft }: DraftProps) {
  return (
    <Line
      label={words.name}
      value={draft.value.name}
      change={(name) => {
        draft.value = { ...draft.value, name };
      }}
      input={{ required: true, maxLength: limits.nameLength, autocomplete: 'off' }}
    />
  );
}

const none = 'none';

/** Nobody is offered to give more than they have. */
function Permissions({ me, draft }: DraftProps & { me: Myself }) {
  return groups.map(({ group, actions }) => (
    <fieldset key={group} class="group permissions">
      <legend>{words.roles.groups[group]}</legend>
      {actions.map((action) => {
        const given = draft.value.grants[action];
        const possible = reaches.filter(
          (reach) =>
            reach === given || (reachesOf(action).includes(reach) && covers(me.grants, { [action]: reach })),
        );
        return (
          <Choice
            key={action}
            label={meaningOf(action)}
            value={given ?? none}
            change={(chosen) => {
              const { [action]: _, ...others } = draft.value.grants;
              const reach = reaches.find((each) => each === chosen);
              draft.value = {
                ...draft.value,
                grants: reach === undefined ? others : { ...others, [action]: reach },
              };
            }}
            options={[
              [none, words.roles.no],
              ...possible.map((reach) => [reach, words.roles.reaches[reach]] as const),
            ]}
          />
        );
      })}
    </fieldset>
  ));
}

interface RemovalProps {
  api: Session['api'];
  role: string;
  name: string;
}

function Removal({ api, role, name }: RemovalProps) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const remove = async () => {
    if (busy.value || !(await ask({ ...words.roles.removeAsk(name), danger: true }))) return;
    busy.value = true;
    problem.value = null;
    try {
      await api.delete(`/api/v1/roles/${role}`);
      goTo(settingsAddress('roles'));
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <section class="remove">
      <p class="soft">{words.roles.nobody}</p>
      <Problem text={problem.value} />
      <Button kind="danger" busy={busy.value} onPress={() => void remove()}>
        {words.roles.remove}
      </Button>
    </section>
  );
}
