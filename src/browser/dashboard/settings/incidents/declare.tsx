/** Declares an incident, by oneself or from an alarm. */
import { useSignal } from '@preact/signals';
import {
  type IncidentAnswer,
  type IncidentKind,
  incidentKinds,
  severities,
  type Severity,
  severityLevels,
} from '../../../../protocol/incidents.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Area, Choice, Line, Tick } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { goTo, settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { idsIn, localOf, momentOf } from './moments.ts';
import { everybody } from './people.ts';
import { words } from './words.ts';

interface Draft {
  title: string;
  what: string;
  kind: IncidentKind;
  severity: string;
  noticed: string;
  began: string;
  account: string;
  things: string;
  drill: boolean;
}

interface Props {
  desk: ScreenProps['desk'];
  api: ScreenProps['session']['api'];
  /** What an alarm says: `alarm`, `rule`, `about` and `at`. */
  query: string;
}

const hour = 3_600_000;
const nobody = 'nobody';

export function Declare({ desk, api, query }: Props) {
  const from = new URLSearchParams(query);
  const alarm = from.get('alarm');
  const at = Number(from.get('at') ?? Date.now());
  const people = useLoading('people for an incident', () => everybody(desk, api));
  const draft = useKept<Draft>(`an incident ${query}`, {
    ...{ title: '', what: '', severity: '2', things: '', drill: false },
    kind: words.kindOfAlarm[from.get('rule') ?? ''] ?? 'account',
    noticed: localOf(at),
    began: localOf(alarm === null ? at : at - 2 * hour),
    account: from.get('about') ?? nobody,
  });
  const declared = useSignal(false);
  const change = (changed: Partial<Draft>) => {
    draft.value = { ...draft.value, ...changed };
  };
  const submit = async () => {
    const { title, what, kind, severity, noticed, began, account, things, drill } = draft.value;
    const { incident } = await api.post<IncidentAnswer>('/api/v1/incidents', {
      ...{ title: title.trim(), what: what.trim(), kind, severity: Number(severity), alarm, drill },
      ...{ noticedAt: momentOf(noticed), beganAt: momentOf(began) },
      things: [...new Set([...(account === nobody ? [] : [account]), ...idsIn(things)])],
    });
    declared.value = true;
    goTo(settingsAddress('incidents', incident.id));
  };
  const { title, what, kind, severity, noticed, began, account, things, drill } = draft.value;
  const level = severities[Number(severity) as Severity];
  return (
    <>
      <Heading title={words.declare} back={settingsAddress('incidents')} />
      <p class="soft">{words.declareIntro}</p>
      {alarm !== null && <p>{words.fromAlarm}</p>}
      <Loaded of={people}>
        {({ all }) => (
          <Form
            action={words.declareDo}
            submit={submit}
            changed={() => !declared.value && `${title}${what}`.trim() !== ''}
          >
            <Line
              label={words.title}
              value={title}
              change={(value) => change({ title: value })}
              input={{ required: true, maxLength: limits.reason, autocomplete: 'off', dir: 'auto' }}
            />
            <Area
              label={words.what}
              hint={words.sealed}
              value={what}
              change={(value) => change({ what: value })}
              area={{ required: true, maxLength: limits.incidentText, rows: 4, dir: 'auto' }}
            />
            <Choice
              label={words.kind}
              value={kind}
              change={(value) => change({ kind: value as IncidentKind })}
              options={Object.entries(incidentKinds)}
            />
            <Choice
              label={words.severity}
              hint={`${level.when} ${level.first}`}
              value={severity}
              change={(value) => change({ severity: value })}
              options={severityLevels.map((each) => [
                String(each),
                words.severityOption(each, severities[each].name),
              ])}
            />
            <Line
              label={words.noticed}
              hint={words.noticedHint}
              value={noticed}
              change={(value) => change({ noticed: value })}
              input={{ type: 'datetime-local', required: true, max: localOf(Date.now()) }}
            />
            <Line
              label={words.began}
              hint={words.beganHint}
              value={began}
              change={(value) => change({ began: value })}
              input={{ type: 'datetime-local', required: true, max: noticed }}
            />
            <Choice
              label={words.account}
              value={account}
              change={(value) => change({ account: value })}
              options={[[nobody, words.nobodysAccount], ...all.map(({ id, name }) => [id, name] as const)]}
            />
            <Area
              label={words.things}
              hint={words.thingsHint}
              value={things}
              change={(value) => change({ things: value })}
              area={{ rows: 2, autocomplete: 'off' }}
            />
            <Tick label={words.isDrill} checked={drill} change={(value) => change({ drill: value })} />
          </Form>
        )}
      </Loaded>
    </>
  );
}
