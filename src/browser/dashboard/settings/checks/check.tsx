/** One check: what it found, why that matters, what to do, and whether it is accepted for a while. */
import { useSignal } from '@preact/signals';
import { type CheckView, type Standard, standards } from '../../../../protocol/checks.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import type { Desk } from '../../desk.ts';
import { useDoing } from '../../me/doing.ts';
import { everMay, settingsRights } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import type { NameOf } from '../ledger/saying.ts';
import { words as settingsWords } from '../words.ts';
import { Accepting } from './accepting.tsx';
import { words } from './words.ts';

export interface Shared {
  api: Session['api'];
  desk: Desk;
  nameOf: NameOf;
  mayRun: boolean;
  /** It is accepted now, or no more, and what is said of that. */
  changed: (said?: string) => void;
}

export function CheckLine({ check, ...shared }: { check: CheckView } & Shared) {
  const { title, standing, before, words: said, exception } = check;
  const { api, nameOf, mayRun, changed } = shared;
  const accepting = useSignal(false);
  const doing = useDoing();
  const isWell = standing === 'passed' || standing === 'accepted';
  const isWorse = !isWell && (before === 'passed' || before === 'accepted');
  const takeBack = () =>
    doing.attempt(async () => {
      await api.delete(`/api/v1/checks/${check.id}/exception`);
      changed(words.takenBack(title));
    });
  return (
    <li class={standing}>
      <p class="check-head">
        <span class="row-name">{title}</span>
        {isWorse && <span class="check-worse">{words.worse}</span>}
      </p>
      <p>{said}</p>
      {exception !== null && (
        <p class="check-exception">
          <span class="soft">{words.acceptedBy(nameOf(exception.by), exception.at, exception.until)}</span>
          <span dir="auto">{exception.reason}</span>
        </p>
      )}
      <details>
        <summary aria-label={words.moreOf(title)}>{words.more}</summary>
        <About check={check} />
      </details>
      {standing !== 'passed' && (
        <div class="form-end">
          <FixLink check={check} desk={shared.desk} />
          {mayRun && exception === null && !accepting.value && (
            <Button small label={words.acceptThis(title)} onPress={() => (accepting.value = true)}>
              {words.accept}
            </Button>
          )}
          {mayRun && exception !== null && (
            <Button
              small
              label={words.takeBackThis(title)}
              busy={doing.busy.value}
              onPress={() => void takeBack()}
            >
              {words.takeBack}
            </Button>
          )}
        </div>
      )}
      <Problem text={doing.problem.value} />
      {accepting.value && (
        <Accepting
          api={api}
          check={check}
          done={() => changed(words.saved)}
          cancel={() => {
            accepting.value = false;
          }}
        />
      )}
    </li>
  );
}

/** Where it can be mended, for whoever may go there. */
function FixLink({ check: { fix }, desk }: { check: CheckView; desk: Desk }) {
  const { place } = fix;
  if (place === null || !everMay(desk.person.value, settingsRights[place])) return null;
  return (
    <a class="button small" href={settingsAddress(place)}>
      {words.goTo(settingsWords.screens[place])}
    </a>
  );
}

function About({ check }: { check: CheckView }) {
  const { measures, why, answers, fix, found, at } = check;
  const facts = Object.entries(found);
  return (
    <dl class="check-about">
      <Fact name={words.fix} value={fix.how} />
      <Fact name={words.measures} value={measures} />
      <Fact name={words.why} value={why} />
      <div>
        <dt>{words.answers}</dt>
        {Object.entries(answers).map(([standard, all]) => (
          <dd key={standard}>
            {standards[standard as Standard]}: {all.join(', ')}
          </dd>
        ))}
      </div>
      {facts.length > 0 && (
        <div>
          <dt>{words.found}</dt>
          <dd>
            <ul class="check-found">
              {facts.map(([name, value]) => (
                <li key={name}>
                  <code>{name}</code> {written(value)}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      )}
      {at !== null && <Fact name={words.at} value={words.when(at)} />}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function written(value: CheckView['found'][string]): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'object') return value.length === 0 ? '–' : value.join(', ');
  return String(value);
}
