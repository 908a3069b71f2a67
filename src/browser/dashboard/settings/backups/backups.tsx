/** Backups: how old the newest is, how far the one is that is being made, and what each is known by. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type BackupsAnswer, backupStages, type BackupView } from '../../../../protocol/backups.ts';
import { Button } from '../../../ui/button.tsx';
import { sizeOf } from '../../../ui/files.ts';
import { Problem } from '../../../ui/problem.tsx';
import { Loaded, useLoading, useRefreshing } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import { useDoing } from '../../me/doing.ts';
import { everMay } from '../../rights.ts';
import { ledgerAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import { agoOf } from '../ledger/when.ts';
import type { ScreenProps } from '../screen-props.ts';
import { Snippet } from '../snippet.tsx';
import { words as settingsWords } from '../words.ts';
import './backups.css';
import { Back } from './back.tsx';
import { Drill } from './drill.tsx';
import { List } from './list.tsx';
import { words } from './words.ts';

const path = '/api/v1/backups';
/** How often one that is being made is looked at. */
const lookAgain = 2_000;

export function Backups({ desk, session: { api } }: ScreenProps) {
  const loading = useLoading('backups', () => api.get<BackupsAnswer>(path));
  const doing = useDoing();
  const said = useSignal('');
  const now = loading.state.value;
  const backups = now.is === 'here' ? now.value.backups : undefined;
  const making = backups?.find(({ state }) => state === 'making');
  useRefreshing(
    loading,
    lookAgain,
    (answer) => answer.back?.state === 'working' || answer.backups.some(({ state }) => state === 'making'),
  );
  const watched = useRef<number | undefined>(undefined);
  useEffect(() => {
    const ended = backups?.find(({ number, state }) => number === watched.current && state !== 'making');
    if (ended !== undefined) said.value = words.ended(ended);
    if (backups !== undefined) watched.current = making?.number;
  }, [backups]);
  const make = async () => {
    said.value = making === undefined ? '' : words.begun(making.number);
    if (making !== undefined) return;
    await doing.attempt(async () => {
      const [begun] = (await api.post<BackupsAnswer>(path, {})).backups;
      if (begun !== undefined) said.value = words.begun(begun.number);
      // It may be over before it is looked at for the first time.
      watched.current = begun?.number;
      loading.again();
    });
  };
  return (
    <>
      <Heading title={settingsWords.screens.backups}>
        <Button kind="first" busy={doing.busy.value} onPress={() => void make()}>
          {words.make}
        </Button>
      </Heading>
      <p class="soft">{words.intro}</p>
      <p role="status">{said.value}</p>
      <Problem text={doing.problem.value} />
      <Loaded of={loading}>
        {(answer) => (
          <>
            {answer.isMissing && <p class="warned">{words.missing}</p>}
            {making !== undefined && <Making backup={making} />}
            <Standing answer={answer} />
            <Drill
              {...answer}
              api={api}
              mayNote={everMay(desk.person.value, 'backup.putBack')}
              noted={() => loading.again()}
            />
            {answer.backups.length > 0 && (
              <>
                <h3>{words.all}</h3>
                <p class="soft">
                  {words.kept}{' '}
                  {everMay(desk.person.value, 'ledger.read') && (
                    <>
                      <a href={ledgerAddress({ action: 'backup' })}>{words.inLedger}</a>.
                    </>
                  )}
                </p>
                <List backups={answer.backups} />
              </>
            )}
            {everMay(desk.person.value, 'backup.putBack') && (
              <Back api={api} {...answer} begun={() => loading.again()} />
            )}
            <Needed />
            <Verifying answer={answer} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Making({ backup: { number, stage, parts } }: { backup: BackupView }) {
  // Nobody asks what goes on behind the last: it is whole or of no use by then.
  const steps = backupStages.length - 1;
  const step = Math.min(steps, backupStages.indexOf(stage ?? 'sweep') + 1);
  return (
    <section class="backup-making" aria-labelledby="backup-making">
      <h3 id="backup-making">{words.making(number)}</h3>
      <progress max={steps} value={step - 1} aria-labelledby="backup-making" />
      <p role="status">{words.step(step, steps, backupStages[step - 1] ?? 'sweep')}</p>
      <p class="soft">{words.soFar(words.parts(parts ?? 0))}</p>
    </section>
  );
}

/** How it stands, at a glance. */
function Standing({ answer: { backups, nextAt } }: { answer: BackupsAnswer }) {
  const newest = backups.find(({ state }) => state === 'whole');
  return (
    <section class="backup-standing" aria-labelledby="backup-newest">
      <h3 id="backup-newest">{words.newest}</h3>
      {backups.length === 0 && (
        <p>
          {words.none} {words.noneHow}
        </p>
      )}
      {backups.length > 0 && newest === undefined && <p>{words.noneWhole}</p>}
      <dl>
        {newest !== undefined && (
          <>
            <Fact name={words.made} value={words.madeAt(newest, agoOf(newest.begunAt, clock.value))} />
            <Fact
              name={words.size}
              value={[sizeOf(newest.bytes ?? 0), words.parts(newest.parts ?? 0)].join(', ')}
            />
          </>
        )}
        <Fact name={words.next} value={words.nextAt(nextAt)} />
      </dl>
    </section>
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

function Needed() {
  return (
    <section class="backup-needed" aria-labelledby="backup-needed">
      <h3 id="backup-needed">{words.takes}</h3>
      <p class="soft">{words.takesHow}</p>
      <dl>
        {words.taken.map(([name = '', value = '']) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </section>
  );
}

function Verifying({ answer: { backups, key } }: { answer: BackupsAnswer }) {
  const newest = backups.find(({ state }) => state === 'whole');
  return (
    <section class="backup-verify" aria-labelledby="backup-verify">
      <h3 id="backup-verify">{words.verify}</h3>
      <p class="soft">{words.verifyHow}</p>
      <Snippet name={words.line} text={words.command(newest?.manifest ?? null, key)} />
      <p class="soft">{words.keyHow}</p>
    </section>
  );
}
