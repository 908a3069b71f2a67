/** What is kept about whoever writes here, and what they can ask: a screen over the chat. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Chat } from '../chat.ts';
import { Cross } from '../icons.tsx';
import { later } from '../later.tsx';
import { part } from '../parts.ts';
import { wear } from '../sheet.ts';
import './dress.ts';
import { Asking } from './your-data/asking.tsx';
import { Consents, Withdrawing } from './your-data/consents.tsx';
import { Copy } from './your-data/copy.tsx';
import { type Mine, OwnData, whyNot, type Wish } from './your-data/mine.ts';
import { focusIfLost } from './your-data/lost.ts';
import { Requests } from './your-data/requests.tsx';
import { useTrying } from './your-data/trying.ts';
import { words } from './your-data/words.ts';
import css from './your-data/your-data.css?inline';

wear(css);

const OpenPgp = later(
  part(() => import('./your-data/openpgp.tsx')),
  'OpenPgp',
);

type View =
  { at: 'all' } | { at: 'openpgp' } | { at: 'ask'; kind: Wish } | { at: 'withdraw'; version: string };

const wishes: readonly Wish[] = ['rectification', 'restriction', 'objection', 'erasure'];

export function YourData({ chat, close }: { chat: Chat; close: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const data = useMemo(() => new OwnData(chat), [chat]);
  const [view, setView] = useState<View>({ at: 'all' });
  const [mine, setMine] = useState<Mine | null>(null);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const trying = useTrying();
  const load = async () => {
    setProblem(null);
    try {
      setMine(await data.load());
    } catch (error) {
      setProblem(whyNot(error));
    }
  };
  useEffect(() => {
    box.current?.showModal();
    void load();
  }, []);
  // What was pressed has gone: whoever reads with a keyboard begins at the top of what came.
  useEffect(() => title.current?.focus(), [view]);
  useEffect(() => focusIfLost(title.current));
  const back = (saying = '') => {
    setSaid(saying);
    setView({ at: 'all' });
    if (saying === '') return;
    // What was there before is not to be taken for what was just asked.
    setMine(null);
    void load();
  };
  const show = (next: View) => {
    setSaid('');
    trying.say(null);
    setView(next);
  };
  const prove = async () => {
    if (await data.prove()) await load();
  };
  return (
    <dialog
      ref={box}
      class="your-data"
      aria-labelledby="your-data-title"
      onCancel={(event) => {
        if (view.at === 'all') return;
        event.preventDefault();
        back();
      }}
      onClose={close}
    >
      <header>
        <h2 ref={title} id="your-data-title" tabIndex={-1}>
          {titleOf(view)}
        </h2>
        <Button kind="quiet" icon label={words.close} onPress={() => box.current?.close()}>
          <Cross />
        </Button>
      </header>
      <div>
        <p role="status">{said}</p>
        {view.at === 'ask' && <Asking data={data} kind={view.kind} back={back} />}
        {view.at === 'openpgp' && <OpenPgp data={data} back={back} trying={trying} />}
        {view.at === 'withdraw' && <Withdrawing data={data} version={view.version} back={back} />}
        {view.at === 'all' && (
          <>
            <Problem text={problem} />
            {problem !== null && <Button onPress={() => void load()}>{words.retry}</Button>}
            {mine === null && problem === null && <p class="soft">{words.loading}</p>}
            {mine?.shown === null && (
              <section aria-labelledby="your-data-prove">
                <h3 id="your-data-prove">{words.proveTitle}</h3>
                <p>{words.proveText}</p>
                <Button kind="first" onPress={() => void prove()}>
                  {words.prove}
                </Button>
              </section>
            )}
            {mine?.shown && (
              <>
                <Copy key={mine.shown.copies[0]?.id} data={data} mine={mine.shown} />
                <div class="asks">
                  <Button onPress={() => show({ at: 'openpgp' })}>{words.openpgp}</Button>
                </div>
                <section aria-labelledby="your-data-ask">
                  <h3 id="your-data-ask">{words.ask}</h3>
                  <p>{words.askText}</p>
                  <div class="asks">
                    {wishes.map((kind) => (
                      <Button key={kind} onPress={() => show({ at: 'ask', kind })}>
                        {words.asks[kind]}
                      </Button>
                    ))}
                  </div>
                </section>
                <Requests data={data} requests={mine.shown.requests} />
              </>
            )}
            {mine !== null && (
              <Consents consents={mine.consents} withdraw={(version) => show({ at: 'withdraw', version })} />
            )}
            <section aria-labelledby="your-data-sold">
              <h3 id="your-data-sold">{words.sold}</h3>
              <p>{words.soldText}</p>
            </section>
          </>
        )}
      </div>
    </dialog>
  );
}

function titleOf(view: View): string {
  if (view.at === 'ask') return words.asks[view.kind];
  if (view.at === 'openpgp') return words.openpgp;
  return view.at === 'withdraw' ? words.withdrawTitle : words.title;
}
