/** Who may not write for a while, why, and until when; whoever may lets them in again. */
import { useSignal } from '@preact/signals';
import type { Ban } from '../../../../protocol/bans.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import type { Desk } from '../../desk.ts';
import { inWords } from '../../form/in-words.ts';
import { type Me, may } from '../../rights.ts';
import type { Session } from '../../session.ts';
import { words } from '../words.ts';

interface Props {
  api: Session['api'];
  me: Me;
  desk: Desk;
  bans: readonly Ban[];
  again: () => void;
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function Bans({ api, me, desk, bans, again }: Props) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const lift = async (id: string) => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await api.delete(`/api/v1/bans/${id}`);
      again();
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  if (bans.length === 0) return <p class="nothing">{words.visitors.noBans}</p>;
  return (
    <>
      <ul class="rows bans">
        {bans.map((ban) => {
          const name = ban.target ?? words.visitors.unnamed[ban.kind];
          const by = desk.people.value.get(ban.by)?.name;
          return (
            <li key={ban.id}>
              <span class="row-name">{name}</span>
              {may(me, 'visitor.ban', ban.team === null ? {} : { team: ban.team }) && (
                <Button
                  small
                  label={words.visitors.liftThis(name)}
                  busy={busy.value}
                  onPress={() => void lift(ban.id)}
                >
                  {words.visitors.lift}
                </Button>
              )}
              <span class="soft">
                {[ban.reason, words.visitors.until(when.format(ban.until)), by && words.visitors.by(by)]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          );
        })}
      </ul>
      <Problem text={problem.value} />
    </>
  );
}
