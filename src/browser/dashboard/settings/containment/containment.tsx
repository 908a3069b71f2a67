/** In an emergency: what is held back now, what can be held back in one act each, and what somebody has seen. */
import { useSignal } from '@preact/signals';
import type {
  Containment as Row,
  ContainmentReason,
  ContainmentsAnswer,
} from '../../../../protocol/containment.ts';
import { Problem } from '../../../ui/problem.tsx';
import { Choice } from '../../form/field.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { askHeld } from '../../held.tsx';
import { useDoing } from '../../me/doing.ts';
import { everMay } from '../../rights.ts';
import { Heading } from '../heading.tsx';
import { knownTo, namesIn } from '../ledger/names.ts';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { Acts, type Attempt } from './acts.tsx';
import './containment.css';
import { HeldBack } from './held-back.tsx';
import { Radius } from './radius.tsx';
import { words } from './words.ts';

const path = '/api/v1/containment';

export function Containment({ desk, session: { api } }: ScreenProps) {
  const known = useLoading('known in an emergency', () => knownTo(desk, api));
  const held = useLoading('containment', () => api.get<ContainmentsAnswer>(path));
  const doing = useDoing();
  const said = useSignal('');
  const reason = useSignal<ContainmentReason>('account');
  const attempt: Attempt = async (act, done) => {
    said.value = '';
    if (!(await doing.attempt(act))) return;
    said.value = done;
    held.again();
    await askHeld(api);
  };
  const undo = (row: Row) => attempt(() => api.delete(`${path}/${row.id}`), words.undone);
  return (
    <>
      <Heading title={settingsWords.screens.containment} />
      <p class="soft">{words.intro}</p>
      <p role="status">{said.value}</p>
      <Problem text={doing.problem.value} />
      <Loaded of={known}>
        {(found) => (
          <>
            <h3>{words.now}</h3>
            <Loaded of={held}>
              {({ containments }) => (
                <HeldBack
                  rows={containments}
                  nameOf={namesIn(found, desk)}
                  busy={doing.busy.value}
                  undo={(row) => void undo(row)}
                />
              )}
            </Loaded>
            <Choice
              label={words.why}
              value={reason.value}
              change={(chosen) => {
                reason.value = chosen as ContainmentReason;
              }}
              options={Object.entries(words.reasons)}
              hint={words.whyHint}
            />
            <Acts
              desk={desk}
              api={api}
              people={found.people}
              reason={reason.value}
              busy={doing.busy.value}
              attempt={attempt}
            />
            {everMay(desk.person.value, 'ledger.read') && (
              <Radius api={api} people={found.people} nameOf={namesIn(found, desk)} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
