/** Where an answer or a note is written. A note looks and is called like nothing else here. */
import { useEffect, useRef } from 'preact/hooks';
import type { TargetedKeyboardEvent } from 'preact';
import type { Kind } from '../../connection.ts';
import { Button } from '../../ui/button.tsx';
import { Composer } from '../../ui/composer.tsx';
import { CannedReplies, useCanned } from '../replies/canned.tsx';
import type { Known } from '../replies/placeholders.ts';
import { attach, rulesIn, takeHere } from '../files/attaching.ts';
import { takeIncoming } from '../files/incoming.ts';
import { nameOfStaff } from './about.ts';
import type { Here } from './doing.ts';
import { Guard } from './sensitive.tsx';
import { words } from './words.ts';

export function Writing({ mayAnswer, mayNote, ...here }: Here & { mayAnswer: boolean; mayNote: boolean }) {
  const { room, desk, screen } = here;
  const { client } = room;
  const chosen = screen.kindIn(client.id);
  const kind: Kind = mayAnswer ? (mayNote ? chosen.value : 'text') : 'note';
  const silent = room.silent.value;
  const placeholder = silent
    ? words.whisper(nameOfStaff(client.conversation.value?.assignee ?? null, desk))
    : kind === 'note'
      ? words.notePlaceholder
      : words.answerPlaceholder;
  const noteLabel = silent ? words.whisperLabel : words.noteLabel;
  const box = useRef<HTMLTextAreaElement>(null);
  const canned = useCanned({
    box,
    kind,
    replies: desk.replies.value,
    team: teamOf(here),
    known: knownIn(here),
  });

  // Whoever has just taken a conversation, opened one of theirs or begun a note; nobody else is moved.
  useEffect(() => {
    const wished = screen.wishesToWrite(client.id, kind);
    screen.dropWish();
    if (wished && matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, [screen, client, kind]);
  useEffect(() => {
    const focus = () => box.current?.focus();
    screen.writing = { focus, canned: canned.ask };
    return () => {
      screen.writing = null;
    };
  });

  // Notes take none: what is let go on one must not reach a customer.
  const takesFiles = kind === 'text' && rulesIn(here) !== null;
  useEffect(() => {
    const pane = takesFiles ? box.current?.closest<HTMLElement>('.pane') : null;
    if (pane) return takeIncoming(pane, (files, over) => void takeHere(here, files, over));
    return undefined;
  }, [room, desk, screen, takesFiles]);
  const draft = kind === 'note' ? room.note : room.draft;
  const choose = (other: Kind) => {
    screen.wishToWrite(client.id, other);
    chosen.value = other;
    const { choosing } = room.attaching.peek() ?? {};
    if (other === 'note' && choosing !== undefined) choosing.open.value = false;
  };
  const send = (text: string) => {
    client.post(text, kind);
    canned.sent();
  };
  return (
    <>
      {draft.value !== '' && <Guard here={here} form={() => box.current?.form ?? null} text={draft} />}
      <Composer
        key={kind}
        draft={draft}
        box={box}
        send={send}
        kind={kind}
        {...(kind === 'note' ? { label: noteLabel } : {})}
        placeholder={placeholder}
        onTyping={(on) => {
          if (!silent) client.type(on, kind);
        }}
        onKeyDown={(event: TargetedKeyboardEvent<HTMLTextAreaElement>) => canned.pressed(event)}
      >
        <div class="writing-bar">
          {mayAnswer && mayNote ? (
            <div class="kinds" role="group" aria-label={words.kinds}>
              {(['text', 'note'] as const).map((each) => (
                <Button key={each} small kind="quiet" pressed={kind === each} onPress={() => choose(each)}>
                  {each === 'note' ? words.note : words.answer}
                </Button>
              ))}
            </div>
          ) : (
            !silent && (
              <Button small kind="quiet" onPress={() => choose('text')}>
                {words.stopNote}
              </Button>
            )
          )}
          {kind === 'note' && <strong class="note-label">{noteLabel}</strong>}
          <div class="writing-tools">
            {takesFiles && (
              <Button small kind="quiet" onPress={() => void attach(here)}>
                {words.attach}
              </Button>
            )}
            <Button small kind="quiet" onPress={canned.ask}>
              {words.canned}
            </Button>
          </div>
        </div>
        <CannedReplies {...canned} />
      </Composer>
    </>
  );
}

function teamOf({ room }: Here): string | null {
  return room.client.conversation.value?.staff?.team ?? null;
}

function knownIn({ room, desk }: Here): Known {
  const conversation = room.client.conversation.value;
  return {
    'customer.name': conversation?.staff?.customer.name ?? null,
    'agent.name': desk.person.value.name,
    'site.name': conversation === null ? null : (desk.sites.value.get(conversation.site)?.name ?? null),
  };
}
