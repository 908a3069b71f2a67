/** The record of processing: made anew each time, to be read, printed or taken along. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { limits } from '../../../../protocol/limits.ts';
import type { Controller, Processing, ProcessingAnswer } from '../../../../protocol/processing.ts';
import { Button } from '../../../ui/button.tsx';
import { download } from '../../download.ts';
import { Area, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay } from '../../rights.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import './processing.css';
import { SiteOfRecord } from './site.tsx';
import { words } from './words.ts';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });

export function ProcessingRecord({ desk, session: { api } }: ScreenProps) {
  const loading = useLoading('processing', () => api.get<ProcessingAnswer>('/api/v1/processing'));
  const mayChange = everMay(desk.person.value, 'privacy.change');
  return (
    <>
      <Heading title={settingsWords.screens.processing} />
      <p class="soft no-print">{words.intro}</p>
      <Loaded of={loading}>{({ record }) => <TheRecord {...{ api, record, mayChange }} />}</Loaded>
    </>
  );
}

interface Props {
  api: Session['api'];
  record: Processing;
  mayChange: boolean;
}

function TheRecord({ api, record, mayChange }: Props) {
  const controller = useSignal(record.controller);
  const take = () => {
    const text = JSON.stringify({ ...record, controller: controller.value }, null, 2);
    download(new Blob([text], { type: 'application/json' }), 'record-of-processing.json');
  };
  return (
    <article class="record">
      <p class="record-acts no-print">
        <Button onPress={() => window.print()}>{words.print}</Button>
        <Button onPress={take}>{words.take}</Button>
      </p>
      <p class="soft">{words.made(when.format(record.at), record.origin)}</p>
      <Part title={words.controller}>
        <Answerable controller={controller.value} />
        {mayChange ? (
          <ControllerForm
            api={api}
            known={controller.value}
            set={(changed) => {
              controller.value = changed;
            }}
          />
        ) : (
          <p class="soft no-print">{words.ownersOnly}</p>
        )}
      </Part>
      <Part title={words.purposes}>
        <Lines of={record.purposes} />
      </Part>
      <Part title={words.people}>
        <Lines of={record.people} />
      </Part>
      <Part title={words.data}>
        <Lines of={record.data} />
      </Part>
      <Part title={words.sites}>
        {record.sites.length === 0 && <p>{words.noSites}</p>}
        {record.sites.map((site) => (
          <SiteOfRecord key={site.id} site={site} />
        ))}
      </Part>
      <Part title={words.recipients}>
        <Terms of={record.recipients.map(({ who, what }) => [who, what])} />
      </Part>
      <Part title={words.transfers}>
        <Lines of={record.transfers} />
      </Part>
      <Part title={words.times}>
        <Terms of={record.times.map(({ what, howLong }) => [what, howLong])} />
      </Part>
      <Part title={words.security}>
        <Lines of={record.security.map(({ what, rules }) => `${what} ${words.rules(rules.join(', '))}`)} />
      </Part>
    </article>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Lines({ of }: { of: readonly string[] }) {
  return (
    <ul class="lines">
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Terms({ of }: { of: readonly (readonly [string, string])[] }) {
  return (
    <dl>
      {of.map(([term, says]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  );
}

function Answerable({ controller: { name, contact, officer } }: { controller: Controller }) {
  const said = [
    [words.name, name],
    [words.contact, contact],
    [words.officer, officer],
  ] as const;
  const known = said.filter(([, text]) => text !== '');
  return known.length === 0 ? <p>{words.nobody}</p> : <Terms of={known} />;
}

interface FormProps {
  api: Session['api'];
  known: Controller;
  set: (controller: Controller) => void;
}

function ControllerForm({ api, known, set }: FormProps) {
  const draft = useKept('who answers for the data', known);
  const change = (patch: Partial<Controller>) => {
    draft.value = { ...draft.value, ...patch };
  };
  const submit = async () => {
    const { record } = await api.put<ProcessingAnswer>('/api/v1/processing/controller', draft.value);
    draft.value = record.controller;
    set(record.controller);
  };
  return (
    <div class="no-print short">
      <Form
        action={words.set}
        submit={submit}
        changed={() => JSON.stringify(draft.value) !== JSON.stringify(known)}
        done={settingsWords.saved}
      >
        <Line
          label={words.name}
          value={draft.value.name}
          change={(name) => change({ name })}
          input={{ maxLength: limits.reason, autocomplete: 'off' }}
        />
        <Area
          label={words.contact}
          hint={words.contactHint}
          value={draft.value.contact}
          change={(contact) => change({ contact })}
          area={{ maxLength: limits.reason }}
        />
        <Area
          label={words.officer}
          hint={words.officerHint}
          value={draft.value.officer}
          change={(officer) => change({ officer })}
          area={{ maxLength: limits.reason }}
        />
      </Form>
    </div>
  );
}
