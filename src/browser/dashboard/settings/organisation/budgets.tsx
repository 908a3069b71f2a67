/** How many conversations whoever has a role opens within an hour before they are asked for their second factor. */
import { useSignal } from '@preact/signals';
import { limits } from '../../../../protocol/limits.ts';
import type {
  OrganisationAnswer,
  OrganisationChange,
  OrganisationSettings,
} from '../../../../protocol/organisation.ts';
import { Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import type { Session } from '../../session.ts';
import type { RoleOption } from '../roles/all.ts';
import { words } from '../words.ts';

interface Props {
  api: Session['api'];
  known: OrganisationSettings;
  roles: readonly RoleOption[];
}

type Draft = Readonly<Record<string, string>>;

export function Budgets({ api, known, roles }: Props) {
  const saved = useSignal(draftOf(known, roles));
  const draft = useKept('the budgets', saved.peek());
  const changed = () => roles.filter(({ role }) => draft.value[role] !== saved.value[role]);
  const submit = async () => {
    const budgets = Object.fromEntries(changed().map(({ role }) => [role, Number(draft.value[role])]));
    const { organisation } = await api.patch<OrganisationAnswer>('/api/v1/organisation', {
      budgets,
    } satisfies OrganisationChange);
    saved.value = draft.value = draftOf(organisation, roles);
  };
  const { organisation } = words;
  return (
    <>
      <h3>{organisation.budgets}</h3>
      <p class="soft">{organisation.budgetsIntro}</p>
      <Form
        action={organisation.budgetsSet}
        submit={submit}
        changed={() => changed().length > 0}
        done={words.saved}
      >
        <div class="budgets">
          {roles.map(({ role, name }) => (
            <Line
              key={role}
              label={name}
              value={draft.value[role] ?? ''}
              change={(count) => {
                draft.value = { ...draft.value, [role]: count };
              }}
              input={{ type: 'number', min: 1, max: limits.conversationsPerHourMax, step: 1, required: true }}
            />
          ))}
        </div>
        <p class="soft">{organisation.budgetHint(limits.conversationsPerHourMax)}</p>
      </Form>
    </>
  );
}

function draftOf({ budgets }: OrganisationSettings, roles: readonly RoleOption[]): Draft {
  return Object.fromEntries(
    roles.map(({ role }) => [role, String(budgets[role] ?? limits.conversationsPerHour)]),
  );
}
