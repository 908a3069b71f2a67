/** How much whoever has a role opens within an hour before they are asked for their second factor. */
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

/** Of what there is a budget: how much of it unless somebody says otherwise, and what they may say. */
const kinds = {
  budgets: { usual: limits.conversationsPerHour, most: limits.conversationsPerHourMax },
  fileBudgets: { usual: limits.filesPerHour, most: limits.filesPerHourMax },
} as const;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];
type Draft = Readonly<Record<Kind, Readonly<Record<string, string>>>>;

export function Budgets({ api, known, roles }: Props) {
  const saved = useSignal(draftOf(known, roles));
  const draft = useKept('the budgets', saved.peek());
  const changed = (kind: Kind) =>
    roles.filter(({ role }) => draft.value[kind][role] !== saved.value[kind][role]);
  const wishOf = (kind: Kind) => {
    const budgets = changed(kind).map(({ role }) => [role, Number(draft.value[kind][role])] as const);
    return budgets.length === 0 ? {} : { [kind]: Object.fromEntries(budgets) };
  };
  const submit = async () => {
    const wish: OrganisationChange = { ...wishOf('budgets'), ...wishOf('fileBudgets') };
    const { organisation } = await api.patch<OrganisationAnswer>('/api/v1/organisation', wish);
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
        changed={() => kindNames.some((kind) => changed(kind).length > 0)}
        done={words.saved}
      >
        {kindNames.map((kind) => (
          <fieldset key={kind} class="group">
            <legend>{organisation.budgetsOf[kind]}</legend>
            <div class="budgets">
              {roles.map(({ role, name }) => (
                <Line
                  key={role}
                  label={name}
                  value={draft.value[kind][role] ?? ''}
                  change={(count) => {
                    draft.value = { ...draft.value, [kind]: { ...draft.value[kind], [role]: count } };
                  }}
                  input={{ type: 'number', min: 1, max: kinds[kind].most, step: 1, required: true }}
                />
              ))}
            </div>
            <p class="soft">{organisation.budgetHint(kinds[kind].most)}</p>
          </fieldset>
        ))}
      </Form>
    </>
  );
}

function draftOf(settings: OrganisationSettings, roles: readonly RoleOption[]): Draft {
  const of = (kind: Kind) =>
    Object.fromEntries(roles.map(({ role }) => [role, String(settings[kind][role] ?? kinds[kind].usual)]));
  return { budgets: of('budgets'), fileBudgets: of('fileBudgets') };
}
