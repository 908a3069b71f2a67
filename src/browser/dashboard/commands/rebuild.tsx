/** Builds a team's inbox anew from its conversations, page by page, and says how far it is. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RebuildAnswer } from '../../../protocol/bodies.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Desk } from '../desk.ts';
import { Dialog } from '../dialog/dialog.tsx';
import { Choice } from '../form/field.tsx';
import { inWords } from '../form/in-words.ts';
import type { Session } from '../session.ts';
import './commands.css';
import { words } from './words.ts';

interface Props {
  desk: Desk;
  session: Session;
  close: () => void;
}

export function Rebuild({ desk, session: { api }, close }: Props) {
  const teams = [...(desk.teams.value?.values() ?? [])];
  const team = useSignal<string>(teams[0]?.id ?? '');
  const busy = useSignal(false);
  const said = useSignal('');
  const problem = useSignal<string | null>(null);
  const open = useRef(true);
  useEffect(
    () => () => {
      open.current = false;
    },
    [],
  );

  const rebuild = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    let told = 0;
    let after: string | null = null;
    try {
      do {
        said.value = words.rebuildGoes(told);
        const path = `/api/v1/teams/${encodeURIComponent(team.value)}/rebuild`;
        const answer: RebuildAnswer = await api.post<RebuildAnswer>(path, { after });
        told += answer.told;
        after = answer.next;
      } while (after !== null && open.current);
      said.value = words.rebuildDone(told);
    } catch (error) {
      problem.value = inWords(error);
      said.value = words.rebuildStopped(told);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog title={words.rebuild} close={close}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void rebuild();
        }}
      >
        <div class="dialog-body">
          <p>{teams.length === 0 ? words.rebuildNone : words.rebuildText}</p>
          <Choice
            label={words.rebuildTeam}
            value={team.value}
            change={(id) => {
              team.value = id;
            }}
            options={teams.map(({ id, name }) => [id, name])}
            disabled={busy.value}
          />
          <p role="status">{said.value}</p>
          <Problem text={problem.value} />
        </div>
        <div class="dialog-footer">
          <Button submit kind="first" busy={busy.value} disabled={teams.length === 0}>
            {words.rebuildDo}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
