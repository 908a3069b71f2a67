/** What was seen and decided, and why it went back. */
import { useSignal } from '@preact/signals';
import { limits } from '../../../../protocol/limits.ts';
import { Area, Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { when } from './moments.ts';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

export function Notes(working: Working) {
  const { incident, nameOf, mayWork } = working;
  return (
    <Section title={words.notes}>
      <ol class="incident-notes">
        {incident.notes.map(({ id, at, by, kind, text }) => (
          <li key={id}>
            <p class="soft">
              <strong>{words.noteKinds[kind]}</strong> · {words.by(nameOf(by), when(at))}
            </p>
            <p class="incident-text" dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ol>
      {mayWork && <Writing {...working} />}
    </Section>
  );
}

function Writing({ api, path, incident, changed }: Working) {
  const text = useKept(`a note of ${incident.id}`, '');
  const kind = useSignal<'note' | 'decision'>('note');
  const submit = async () => {
    await api.post(`${path}/notes`, { kind: kind.value, text: text.value.trim() });
    text.value = '';
    changed();
  };
  const { note, decision } = words.noteKinds;
  return (
    <div class="short">
      <Form action={words.noteAdd} submit={submit} changed={() => text.value.trim() !== ''}>
        <Choice
          label={words.noteKind}
          value={kind.value}
          change={(value) => {
            kind.value = value === 'decision' ? value : 'note';
          }}
          options={Object.entries({ note, decision })}
        />
        <Area
          label={words.noteText}
          value={text.value}
          change={(value) => {
            text.value = value;
          }}
          area={{ required: true, maxLength: limits.incidentText, dir: 'auto' }}
        />
      </Form>
    </div>
  );
}
