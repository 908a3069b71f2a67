/** Where one is signed in, and the end of it. */
import type { SessionView } from '../../../protocol/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { ask } from '../dialog/ask.ts';
import { useDoing } from './doing.ts';
import { Part, type PartProps } from './part.tsx';
import { words } from './words.ts';

const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' });

export function Sessions({ api, mine, again }: PartProps) {
  const doing = useDoing();
  const end = async (path: string) => {
    if (await doing.attempt(() => api.delete(`/api/v1/me/sessions${path}`))) again();
  };
  const endOthers = async () => {
    if (await ask({ ...words.endOthersAsk, danger: true })) await end('');
  };
  return (
    <Part title={words.sessions} doing={doing}>
      <ul class="rows">
        {mine.sessions.map((each) => (
          <li key={each.id} class="one">
            <span class="row-name">{whereOf(each)}</span>
            <span class="soft">
              {words.since} <Time at={each.startedAt} />, {words.used} <Time at={each.usedAt} />
            </span>
            <span class="acts">
              {each.current ? (
                <span>{words.here}</span>
              ) : (
                <Button
                  small
                  label={words.endIt(whereOf(each))}
                  busy={doing.busy.value}
                  onPress={() => void end(`/${each.id}`)}
                >
                  {words.end}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {mine.sessions.length > 1 && (
        <div class="acts">
          <Button busy={doing.busy.value} onPress={() => void endOthers()}>
            {words.endOthers}
          </Button>
        </div>
      )}
    </Part>
  );
}

function whereOf({ device, country }: SessionView): string {
  const place = country === null ? [] : [countries.of(country) ?? country];
  return [device ?? words.unknownDevice, ...place].join(' · ');
}
