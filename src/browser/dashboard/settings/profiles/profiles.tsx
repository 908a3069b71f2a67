/** Laws: which are on, what turning one on changes, and how each measure stands. */
import { useSignal } from '@preact/signals';
import type { Known, ProfilesAnswer, ProfileState } from '../../../../protocol/profiles.ts';
import { isMet, measuresOf, profiles, settingNames } from '../../../../protocol/profiles.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { useDoing } from '../../me/doing.ts';
import { everMay } from '../../rights.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { Measure } from './measure.tsx';
import './profiles.css';
import { words } from './words.ts';

const path = '/api/v1/profiles';
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

export function Profiles({ desk, session: { api } }: ScreenProps) {
  const loading = useLoading('profiles', () => api.get<ProfilesAnswer>(path));
  const mayChange = everMay(desk.person.value, 'privacy.change');
  return (
    <>
      <Heading title={settingsWords.screens.profiles} />
      <p>{words.intro}</p>
      <p class="soft">
        {words.noProof} {!mayChange && words.ownersOnly}
      </p>
      <Loaded of={loading}>{(first) => <All api={api} first={first} mayChange={mayChange} />}</Loaded>
    </>
  );
}

interface AllProps {
  api: Session['api'];
  first: ProfilesAnswer;
  mayChange: boolean;
}

function All({ api, first, mayChange }: AllProps) {
  const answer = useSignal(first);
  const set = (changed: ProfilesAnswer) => {
    answer.value = changed;
  };
  return (
    <>
      {answer.value.profiles.map((state) => (
        <Law key={state.profile} {...{ api, mayChange, state, set }} known={answer.value} />
      ))}
    </>
  );
}

interface LawProps extends Omit<AllProps, 'first'> {
  state: ProfileState;
  known: Known;
  set: (changed: ProfilesAnswer) => void;
}

function Law({ api, mayChange, state, known, set }: LawProps) {
  const { profile, since, outside } = state;
  const { name, law } = profiles[profile];
  const doing = useDoing();
  const measures = measuresOf(profile);
  const met = measures.filter(([id, measure]) => isMet(id, measure, state, known));
  const turn = async (on: boolean) => {
    const sum = (of: 'over' | 'visitorsOver') => outside.reduce((all, each) => all + each[of], 0);
    const erases = words.erases(sum('over'), sum('visitorsOver'));
    const question = on ? words.turnOnAsk(name, outside.length, erases) : words.turnOffAsk(name);
    if (!(await ask({ ...question, danger: erases !== null && on }))) return;
    await doing.attempt(async () => set(await api.put<ProfilesAnswer>(`${path}/${profile}`, { on })));
  };
  return (
    <section class="law" aria-labelledby={`law-${profile}`}>
      <header class="law-head">
        <div>
          <h3 id={`law-${profile}`}>{name}</h3>
          <p class="soft">{law}</p>
        </div>
        {mayChange &&
          (since === null ? (
            <Button label={words.turnOnThis(name)} busy={doing.busy.value} onPress={() => void turn(true)}>
              {words.turnOn}
            </Button>
          ) : (
            <Button label={words.turnOffThis(name)} busy={doing.busy.value} onPress={() => void turn(false)}>
              {words.turnOff}
            </Button>
          ))}
      </header>
      <p role="status">
        <strong>{since === null ? words.off : words.on(when.format(since))}</strong>
        {`. ${words.count(met.length, measures.length)}`}
      </p>
      <Problem text={doing.problem.value} />
      {since === null && <WouldChange outside={outside} />}
      {since !== null && outside.length > 0 && mayChange && (
        <p>
          <Button busy={doing.busy.value} onPress={() => void turn(true)}>
            {words.bringWithin}
          </Button>
        </p>
      )}
      <details>
        <summary>{words.measures(name)}</summary>
        <ul class="measures">
          {measures.map(([id, measure]) => (
            <Measure
              key={id}
              {...{ api, id, measure, mayChange, set }}
              isMet={isMet(id, measure, state, known)}
              {...{ known }}
            />
          ))}
        </ul>
      </details>
    </section>
  );
}

function WouldChange({ outside }: Pick<ProfileState, 'outside'>) {
  if (outside.length === 0) return <p class="soft">{words.nothingToChange}</p>;
  return (
    <details>
      <summary>{words.wouldChange}</summary>
      <ul class="would-change">
        {outside.map(({ site, changes, over, visitorsOver }) => (
          <li key={site?.id ?? ''}>
            <strong>{site?.name ?? words.organisation}</strong>
            <ul>
              {changes.map(({ setting, from, to }) => (
                <li key={setting}>
                  {words.change(settingNames[setting], words.value(setting, from), words.value(setting, to))}
                </li>
              ))}
              {over + visitorsOver > 0 && (
                <li>
                  <strong>{words.erases(over, visitorsOver)}</strong>
                </li>
              )}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  );
}
