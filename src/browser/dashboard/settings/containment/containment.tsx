/** In an emergency: what is held back now, what can be held back in one act each, and what somebody has seen. */
import { useSignal } from '@preact/signals';
import {
  type Containment as Row,
  type ContainmentReason,
  containmentReasons,
  type ContainmentsAnswer,
} from '../../../../protocol/containment.ts';
import { Problem } from '../../../ui/problem.tsx';
import { Choice } from '../../form/field.tsx';
import { holding, Loaded, useLoading } from '../../form/loaded.tsx';
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
const day = 86_400_000;

/** What an incident says of itself in the address: `reason`, whom or what it is `about`, and `from` when. */
export function Containment(props: ScreenProps) {
  return <InAnEmergency key={`${props.id} ${props.query}`} {...props} />;
}

function InAnEmergency({ desk, session: { api }, id, query }: ScreenProps) {
  const told = new URLSearchParams(query);
  const wanted = { act: id, about: told.get('about') ?? '' };
  const known = useLoading('known in an emergency', () => knownTo(desk, api));
  const held = useLoading('containment', () => api.get<ContainmentsAnswer>(path));
  const doing = useDoing();
  const said = useSignal('');
  const reason = useSignal(reasonIn(told.get('reason')));
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
      <Loaded of={holding(known, held)}>
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
              wanted={wanted}
            />
            {everMay(desk.person.value, 'ledger.read') && (
              <Radius
                api={api}
                people={found.people}
                nameOf={namesIn(found, desk)}
                wanted={wanted}
                since={momentIn(told.get('from')) ?? Date.now() - day}
              />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

/** In Unix milliseconds. */
function momentIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,13}$/.test(text) ? Number(text) : undefined;
}

function reasonIn(text: string | null): ContainmentReason {
  return containmentReasons.find((each) => each === text) ?? 'account';
}
