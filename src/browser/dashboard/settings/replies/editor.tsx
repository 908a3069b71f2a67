/** One canned reply, there or about to be. */
import { useSignal } from '@preact/signals';
import type { CannedReply, ReplyAnswer, Team } from '../../../../protocol/bodies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import type { Desk } from '../../desk.ts';
import { ask } from '../../dialog/ask.ts';
import { Area, Choice, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { inWords } from '../../form/in-words.ts';
import { useKept } from '../../form/kept.ts';
import { placeholders, unknownPlaceholders } from '../../replies/placeholders.ts';
import { goTo, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import { words } from '../words.ts';

interface Props {
  api: Session['api'];
  desk: Desk;
  reply: CannedReply | null;
  /** All others, so that no shortcut is given twice. */
  replies: readonly CannedReply[];
  /** Those whose replies this person may change. */
  teams: readonly Team[];
  forAll: boolean;
}

const shortcutShape = /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;
const utf8 = new TextEncoder();
const list = settingsAddress('replies');
/** No team's id. A choice without a value would be one that has still to be made. */
const every = 'every';

export function ReplyEditor({ api, desk, reply, replies, teams, forAll }: Props) {
  const saved = { shortcut: reply?.shortcut ?? '', team: reply?.team ?? null, text: reply?.text ?? '' };
  const begun = reply === null && !forAll ? { ...saved, team: teams[0]?.id ?? null } : saved;
  const draft = useKept<Pick<CannedReply, 'shortcut' | 'team' | 'text'>>(reply?.id ?? 'a new reply', begun);
  const done = useSignal(false);
  const problem = useSignal<string | null>(null);
  const mayChange =
    reply === null || (reply.team === null ? forAll : teams.some(({ id }) => id === reply.team));
  const path = reply === null ? '' : `/api/v1/replies/${encodeURIComponent(reply.id)}`;

  const change = (patch: Partial<typeof draft.value>) => {
    draft.value = { ...draft.value, ...patch };
  };
  const leave = () => {
    done.value = true;
    goTo(list);
  };
  const others = () => desk.replies.value.filter(({ id }) => id !== reply?.id);
  const submit = async () => {
    const answer =
      reply === null
        ? await api.post<ReplyAnswer>('/api/v1/replies', draft.value)
        : await api.patch<ReplyAnswer>(path, draft.value);
    desk.replies.value = [...others(), answer.reply];
    leave();
  };
  const remove = async () => {
    if (!(await ask({ ...words.replies.removeAsk(saved.shortcut), danger: true }))) return;
    try {
      await api.delete(path);
      desk.replies.value = others();
      leave();
    } catch (error) {
      problem.value = inWords(error);
    }
  };
  const shortcutProblem = (shortcut: string) => {
    if (!shortcutShape.test(shortcut)) return words.replies.shortcutWrong;
    const same = (each: CannedReply) => each.id !== reply?.id && each.team === draft.value.team;
    return replies.some((each) => same(each) && each.shortcut === shortcut)
      ? words.replies.shortcutTaken
      : null;
  };
  const options = [
    ...(forAll || saved.team === null ? [[every, words.replies.forAll] as const] : []),
    ...teams.map((team) => [team.id, team.name] as const),
  ];
  const unknown = unknownPlaceholders(draft.value.text);
  return (
    <>
      <Heading title={reply === null ? words.replies.create : `/${saved.shortcut}`} back={list} />
      {!mayChange && <p>{words.readOnly}</p>}
      <Form
        action={reply === null ? words.replies.createAction : words.save}
        submit={submit}
        changed={() => !done.value && JSON.stringify(draft.value) !== JSON.stringify(begun)}
        readOnly={!mayChange}
      >
        <Line
          label={words.replies.shortcut}
          hint={words.replies.shortcutHint}
          value={draft.value.shortcut}
          change={(shortcut) => change({ shortcut: shortcut.replace(/^\//, '') })}
          check={shortcutProblem}
          input={{
            required: true,
            maxLength: limits.shortcutLength,
            autocomplete: 'off',
            autocapitalize: 'off',
            spellcheck: false,
          }}
        />
        <Choice
          label={words.replies.forTeam}
          value={draft.value.team ?? every}
          change={(team) => change({ team: teams.find(({ id }) => id === team)?.id ?? null })}
          options={options}
        />
        <Area
          label={words.replies.text}
          hint={
            <>
              {words.replies.textHint} {placeholders.map((name) => `{{${name}}}`).join(' ')}
            </>
          }
          value={draft.value.text}
          change={(text) => change({ text })}
          check={textProblem}
          area={{ rows: 6, dir: 'auto' }}
        />
        {unknown.length > 0 && (
          <p class="unknown" role="status">
            {words.replies.unknown(unknown.map((name) => `{{${name}}}`).join(', '))}
          </p>
        )}
      </Form>
      <Problem text={problem.value} />
      {reply !== null && mayChange && (
        <p class="remove">
          <Button onPress={() => void remove()}>{words.replies.remove}</Button>
        </p>
      )}
    </>
  );
}

function textProblem(text: string): string | null {
  if (text.trim() === '') return words.replies.textMissing;
  return utf8.encode(text).length > limits.textBytes ? words.replies.textLong : null;
}
