/** The plan for incidents: the policy, who does what, how grave what is, and the runbooks. */
import { useSignal } from '@preact/signals';
import {
  approvingRoles,
  incidentKindNames,
  incidentKinds,
  openStates,
  type PlanAnswer,
  type RolePlaces,
  type Runbook,
  severities,
  severityLevels,
} from '../../../../protocol/incidents.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Area } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { useDoing } from '../../me/doing.ts';
import { may } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { when } from './moments.ts';
import { Section } from './part.tsx';
import { type Everybody, everybody } from './people.ts';
import { PolicyText } from './policy-text.tsx';
import { Roles } from './roles.tsx';
import { words } from './words.ts';

const path = '/api/v1/incident-plan';
type Shared = { desk: ScreenProps['desk']; api: ScreenProps['session']['api'] };

export function Plan({ desk, api }: Shared) {
  const loading = useLoading('plan for incidents', async () => {
    const [plan, people] = await Promise.all([api.get<PlanAnswer>(path), everybody(desk, api)]);
    return { plan, people };
  });
  const mayChange = may(desk.person.value, 'incident.lead');
  return (
    <>
      <Heading title={words.plan} back={settingsAddress('incidents')} />
      <p class="soft">{words.planIntro}</p>
      <Loaded of={loading}>
        {({ plan, people }) => {
          const shared = { desk, api, plan, people, mayChange, changed: loading.again };
          return (
            <>
              <Policy {...shared} />
              <Roles key={JSON.stringify(plan.roles)} {...shared} roles={plan.roles} />
              <Severities />
              <Runbooks plan={plan} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

interface Planning extends Shared {
  plan: PlanAnswer;
  people: Everybody;
  mayChange: boolean;
  changed: () => void;
}

function Policy({ desk, api, plan, people, mayChange, changed }: Planning) {
  const editing = useSignal(false);
  const doing = useDoing();
  const [newest, ...former] = plan.policy;
  if (newest === undefined) return null;
  const me = desk.person.value.id;
  const { version, text, approvals, isApproved } = newest;
  const mayApprove =
    version > 0 &&
    approvingRoles.some(
      (role) => isIn(plan.roles[role], me) && !approvals.some((each) => each.role === role),
    );
  const approve = () =>
    doing.attempt(async () => {
      await api.post(`${path}/policy/${version}/approval`, {});
      changed();
    });
  return (
    <Section title={words.policy}>
      <p class={isApproved ? undefined : 'warned'}>{words.policyState(newest)}</p>
      <p class="soft">{words.approvers}</p>
      <ul>
        {approvals.map(({ role, person, at }) => (
          <li key={role}>{words.approved(words.approvingNames[role], people.nameOf(person), when(at))}</li>
        ))}
      </ul>
      {editing.value ? (
        <Editing
          api={api}
          version={version}
          text={text}
          done={() => {
            editing.value = false;
            changed();
          }}
          cancel={() => {
            editing.value = false;
          }}
        />
      ) : (
        <>
          <PolicyText text={text} />
          <div class="incident-do" tabIndex={-1}>
            {mayApprove && (
              <Button kind="first" busy={doing.busy.value} onPress={() => void approve()}>
                {words.approve}
              </Button>
            )}
            {mayChange && (
              <Button
                onPress={() => {
                  editing.value = true;
                }}
              >
                {words.policyEdit}
              </Button>
            )}
          </div>
          <Problem text={doing.problem.value} />
        </>
      )}
      {former.length > 0 && (
        <details class="incident-phase">
          <summary>{words.versions}</summary>
          {former.map((each) => (
            <details key={each.version} class="incident-phase">
              <summary>
                {words.versionOf(each.version, people.nameOf(each.by ?? ''), when(each.at ?? 0))}
              </summary>
              <p class="soft">{words.policyState(each)}</p>
              <PolicyText text={each.text} />
            </details>
          ))}
        </details>
      )}
    </Section>
  );
}

function isIn({ first, deputy }: RolePlaces['lead'], id: string): boolean {
  return first?.person === id || deputy?.person === id;
}

interface EditingProps {
  api: Shared['api'];
  version: number;
  text: string;
  done: () => void;
  cancel: () => void;
}

function Editing({ api, version, text, done, cancel }: EditingProps) {
  const draft = useKept(`policy after ${version}`, text);
  const submit = async () => {
    await api.put(`${path}/policy`, { version, text: draft.value });
    done();
  };
  return (
    <div class="short">
      <Form
        takesFocus
        action={words.policySave}
        submit={submit}
        changed={() => draft.value !== text}
        cancel={() => {
          draft.value = text;
          cancel();
        }}
      >
        <Area
          label={words.policyText}
          value={draft.value}
          change={(value) => {
            draft.value = value;
          }}
          area={{ required: true, maxLength: limits.incidentPolicy, rows: 24, dir: 'auto' }}
        />
      </Form>
    </div>
  );
}

function Severities() {
  return (
    <Section title={words.severities}>
      <dl class="facts">
        {severityLevels.flatMap((level) => [
          <dt key={level}>{words.severityOption(level, severities[level].name)}</dt>,
          <dd key={`${level}:`}>
            {severities[level].when} {severities[level].first}
          </dd>,
        ])}
      </dl>
    </Section>
  );
}

function Runbooks({ plan: { runbooks } }: { plan: PlanAnswer }) {
  return (
    <Section title={words.runbooks}>
      {incidentKindNames.map((kind) => (
        <details key={kind} class="incident-phase">
          <summary>{incidentKinds[kind]}</summary>
          <OneRunbook runbook={runbooks[kind]} />
        </details>
      ))}
    </Section>
  );
}

function OneRunbook({ runbook: { when: at, first, tasks, tell } }: { runbook: Runbook }) {
  const lists = [
    [words.first, first],
    ...openStates.map((state) => [words.runbookTasks(state), tasks[state]] as const),
    [words.tell, tell],
  ] as const;
  return (
    <>
      <p>{at}</p>
      {lists.map(([name, steps]) => (
        <div key={name}>
          <p class="row-name">{name}</p>
          <ul class="incident-steps">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}
