/** Puts the conversation off: for an hour, until a morning, or until a time of one's own. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Dialog } from '../dialog/dialog.tsx';
import { Line } from '../form/field.tsx';
import { inWords } from '../form/in-words.ts';
import { clock } from '../list/clock.ts';
import { shortMoment } from '../list/moment.ts';
import type { Here } from './doing.ts';
import { fromField, snoozeChoices, snoozeRange, toField } from './snooze-times.ts';
import { words } from './words.ts';

export function Snooze({ room: { client }, desk, screen }: Here) {
  const choices = useMemo(() => snoozeChoices(new Date()), []);
  const picked = useSignal(toField(choices[1]?.until ?? Date.now()));
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);

  const until = async (at: number) => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      // Times are chosen on this machine's clock and kept on the server's.
      await desk.acts.snooze(client.id, at + desk.now.value - clock.value);
      screen.close();
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog title={words.snoozeTitle} close={() => screen.close()}>
      <div class="dialog-body">
        <p class="soft">{words.snoozeHint}</p>
        <ul class="snoozes">
          {choices.map(({ name, until: at }) => (
            <li key={name}>
              <Button onPress={() => void until(at)}>
                {words.snoozes[name]} <span class="soft">{shortMoment(at)}</span>
              </Button>
            </li>
          ))}
        </ul>
        <form
          class="snooze-pick"
          onSubmit={(event) => {
            event.preventDefault();
            const at = fromField(picked.value);
            if (at !== null) void until(at);
          }}
        >
          <Line
            label={words.snoozePick}
            value={picked.value}
            change={(value) => {
              picked.value = value;
            }}
            check={problemOf}
            input={{ type: 'datetime-local', required: true }}
          />
          <Button submit busy={busy.value}>
            {words.snoozeDo}
          </Button>
        </form>
        <Problem text={problem.value} />
      </div>
    </Dialog>
  );
}

function problemOf(value: string): string | null {
  const at = fromField(value);
  if (at === null) return null;
  const { earliest, latest } = snoozeRange(Date.now());
  if (at < earliest) return words.snoozePast;
  return at > latest ? words.snoozeFar : null;
}
