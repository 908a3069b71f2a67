/** Gives the conversation to a colleague of its team or to another team, with a note that only staff will see. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useMemo, useRef } from 'preact/hooks';
import type { HandOver as Given } from '../../../protocol/bodies.ts';
import type { Colleague, ConversationView } from '../../../protocol/frames.ts';
import { ApiError } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Dialog } from '../dialog/dialog.tsx';
import { Area } from '../form/field.tsx';
import { inWords } from '../form/in-words.ts';
import { useKept } from '../form/kept.ts';
import type { Here } from './doing.ts';
import { Guard } from './sensitive.tsx';
import { words } from './words.ts';

type Recipient = Given['to'];

export function HandOver(here: Here) {
  const { room, desk, screen } = here;
  const { client } = room;
  const form = useRef<HTMLFormElement>(null);
  const to = useKept<Recipient | null>(`who gets ${client.id}`, null);
  const note = useKept(`the note with ${client.id}`, '');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  // The same to the same has one id, however often it is tried: an answer may have been lost.
  const noteId = useMemo(() => desk.acts.newNoteId(), [desk, to.value, note.value]);
  const unsure = useSignal(false);
  const conversation = client.conversation.value;
  const team = conversation?.staff?.team;
  const others = team === undefined ? [] : desk.answering(team);
  const people = colleagues(others, [desk.person.value.id, conversation?.assignee]);
  const teams = [...(desk.teams.value?.values() ?? [])].filter(({ id }) => id !== team);

  const submit = async () => {
    if (busy.value) return;
    if (to.value === null) {
      problem.value = words.handOverChoose;
      return;
    }
    busy.value = true;
    problem.value = null;
    const text = note.value.trim();
    try {
      await desk.acts.handOver(client.id, to.value, text === '' ? undefined : { id: noteId, text });
      screen.close();
    } catch (error) {
      // Without a note nothing is known by its id, and where the conversation stands tells what became of it.
      if (text === '' && isWith(client.conversation.peek(), to.value)) screen.close();
      else problem.value = whatIsTrue(error, unsure.value);
      unsure.value ||= isLost(error);
    } finally {
      busy.value = false;
    }
  };
  const choice = (id: Recipient, label: ComponentChildren) => (
    <Choice
      key={id}
      label={label}
      checked={to.value === id}
      choose={() => {
        to.value = id;
      }}
    />
  );
  return (
    <Dialog title={words.handOverTitle} close={() => screen.close()} unsaved={() => note.value.trim() !== ''}>
      <form
        ref={form}
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div class="dialog-body">
          <fieldset class="choices">
            <legend>{words.handOverPeople}</legend>
            {people.length === 0 && <p class="soft">{words.handOverNobody}</p>}
            {people.map(({ id, name, presence }) =>
              choice(
                id,
                <>
                  {name ?? words.formerStaff} <span class="soft">{words.presences[presence]}</span>
                </>,
              ),
            )}
          </fieldset>
          <fieldset class="choices">
            <legend>{words.handOverTeams}</legend>
            {teams.length === 0 && <p class="soft">{words.handOverNoTeams}</p>}
            {teams.map(({ id, name }) => choice(id, name))}
          </fieldset>
          <Area
            label={words.handOverNote}
            value={note.value}
            change={(text) => {
              note.value = text;
            }}
            area={{ dir: 'auto' }}
          />
          {note.value !== '' && (
            <Guard here={here} form={() => form.current} text={note} again={words.handOverAgain} />
          )}
          <Problem text={problem.value} />
        </div>
        <div class="dialog-footer">
          <Button submit kind="first" busy={busy.value}>
            {words.handOverDo}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function isWith(conversation: ConversationView | null, to: Recipient): boolean {
  return (
    conversation?.assignee === to || (conversation?.assignee === null && conversation.staff?.team === to)
  );
}

/** Nobody knows whether what was asked was done. */
function isLost(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** @param unsure whether an earlier try may have worked, which then explains a refusal */
function whatIsTrue(error: unknown, unsure: boolean): string {
  if (isLost(error)) return words.handOverUnsure;
  const refused = error instanceof ApiError && (error.code === 'not_allowed' || error.code === 'not_found');
  return refused && unsure ? words.handedOver : inWords(error);
}

const nearness = { available: 0, away: 1, offline: 2 };

/** Whoever is there comes first. */
function colleagues(
  people: readonly Colleague[],
  without: readonly (string | null | undefined)[],
): Colleague[] {
  return people
    .filter(({ id }) => !without.includes(id))
    .sort(
      (a, b) => nearness[a.presence] - nearness[b.presence] || (a.name ?? '').localeCompare(b.name ?? ''),
    );
}

interface ChoiceProps {
  label: ComponentChildren;
  checked: boolean;
  choose: () => void;
}

function Choice({ label, checked, choose }: ChoiceProps) {
  const id = useId();
  return (
    <label class="tick" for={id}>
      <input id={id} type="radio" name="hand-over" checked={checked} onChange={choose} />
      <span>{label}</span>
    </label>
  );
}
