/** Canned replies: the list of them, a new one, or one to change. */
import type { CannedReply, RepliesAnswer, Team, TeamsAnswer } from '../../../../protocol/bodies.ts';
import { may } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from '../words.ts';
import { ReplyEditor } from './editor.tsx';

export function Replies({ desk, session: { api }, id }: ScreenProps) {
  const me = desk.person.value;
  const loading = useLoading(`replies ${id ?? ''}`, async () => {
    const [{ replies }, { teams }] = await Promise.all([
      api.get<RepliesAnswer>('/api/v1/replies'),
      api.get<TeamsAnswer>('/api/v1/teams'),
    ]);
    return { replies, teams };
  });
  return (
    <Loaded of={loading} until={<Heading title={words.screens.replies} />}>
      {({ replies, teams }) => {
        if (id === null) return <ReplyList replies={replies} teams={teams} />;
        const own = teams.filter((team) => may(me, 'replies.change', { team: team.id }));
        const shared = { api, replies, teams: own, forAll: may(me, 'replies.change'), desk };
        if (id === 'new') return <ReplyEditor {...shared} reply={null} />;
        const reply = replies.find((each) => each.id === id);
        if (reply !== undefined) return <ReplyEditor key={id} {...shared} reply={reply} />;
        return (
          <>
            <Heading title={words.screens.replies} back={settingsAddress('replies')} />
            <p>{words.missing}</p>
          </>
        );
      }}
    </Loaded>
  );
}

function ReplyList({ replies, teams }: { replies: readonly CannedReply[]; teams: readonly Team[] }) {
  const teamOf = new Map<string, string>(teams.map(({ id, name }) => [id, name]));
  const byShortcut = [...replies].sort((a, b) => a.shortcut.localeCompare(b.shortcut));
  return (
    <>
      <Heading title={words.screens.replies}>
        <a class="button first" href={settingsAddress('replies', 'new')}>
          {words.replies.create}
        </a>
      </Heading>
      <p class="soft">{words.replies.intro}</p>
      {replies.length === 0 && <p class="nothing">{words.replies.none}</p>}
      <ul class="rows">
        {byShortcut.map(({ id, shortcut, team, text }) => (
          <li key={id}>
            <a href={settingsAddress('replies', id)}>
              <span class="row-name">/{shortcut}</span>
              <span class="soft">{team === null ? words.replies.forAll : teamOf.get(team)}</span>
              <span class="soft row-more" dir="auto">
                {text}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
