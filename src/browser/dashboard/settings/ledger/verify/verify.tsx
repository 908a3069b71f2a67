/**
 * Verifying a file of the ledger in the browser. Nothing of it is sent anywhere, and no network is needed. It is read
 * in the page itself, piece by piece: under its policy (`trusted-types 'none'`) a page can start no worker.
 */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { type Read, readLedger, type Report, report } from '../../../../../protocol/ledger-proof.ts';
import { Button } from '../../../../ui/button.tsx';
import { Problem } from '../../../../ui/problem.tsx';
import { Area } from '../../../form/field.tsx';
import { Part } from '../part.tsx';
import { words } from '../words.ts';
import { piecesOf } from './pieces.ts';
import { Proofs } from './proofs.tsx';
import { whyOf } from './why.ts';

type State =
  | { is: 'waiting' }
  | { is: 'reading' }
  | { is: 'read'; file: File; read: Read; said: Report }
  | { is: 'failed'; why: string };

export function Verify() {
  return (
    <Part name={words.verifyFile}>
      <Verifying />
    </Part>
  );
}

function Verifying() {
  const state = useSignal<State>({ is: 'waiting' });
  const percent = useSignal(0);
  const note = useSignal('');
  const keys = useSignal('');
  const box = useRef<HTMLInputElement>(null);
  const running = useRef<AbortController | null>(null);
  const stop = () => {
    running.current?.abort();
    state.value = { is: 'waiting' };
  };
  useEffect(() => stop, []);

  const verify = async (file: File) => {
    const { signal } = (running.current = new AbortController());
    const say = (next: State) => {
      if (!signal.aborted) state.value = next;
    };
    say({ is: 'reading' });
    percent.value = 0;
    try {
      const brought = { notes: noteIn(note.value), keys: keys.value.split(/\s+/).filter(Boolean) };
      const pieces = piecesOf(file, signal, (share) => (percent.value = Math.floor(share * 100)));
      const read = await readLedger(pieces, brought);
      say({ is: 'read', file, read, said: report(read) });
    } catch (error) {
      say({ is: 'failed', why: whyOf(error) });
    }
  };
  const now = state.value;
  return (
    <>
      <p>{words.verifyHow}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          const file = box.current?.files?.[0];
          if (now.is === 'reading') stop();
          else if (file !== undefined) void verify(file);
        }}
      >
        <FileBox box={box} />
        <Area
          label={words.keptNote}
          hint={words.keptNoteHint}
          value={note.value}
          change={(text) => (note.value = text)}
          area={{ rows: 5, spellcheck: false, class: 'exact' }}
        />
        <Area
          label={words.keptKeys}
          hint={words.keptKeysHint}
          value={keys.value}
          change={(text) => (keys.value = text)}
          area={{ rows: 2, spellcheck: false, class: 'exact' }}
        />
        <div class="form-end">
          <Button submit kind="first">
            {now.is === 'reading' ? words.stop : words.verifyIt}
          </Button>
        </div>
      </form>
      {now.is === 'reading' && <Progress percent={percent} />}
      <Problem text={now.is === 'failed' ? now.why : null} />
      <div role="status">
        {now.is === 'reading' && <p class="unseen">{words.verifying}</p>}
        {now.is === 'read' && <Verdict said={now.said} />}
      </div>
      {now.is === 'read' && now.read.heads.length > 0 && (
        <Proofs file={now.file} read={now.read} since={sizeIn(note.peek())} />
      )}
    </>
  );
}

/** Chosen, or dropped anywhere on it. */
function FileBox({ box }: { box: { current: HTMLInputElement | null } }) {
  const id = useId();
  return (
    <div
      class="field drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const files = event.dataTransfer?.files;
        if (box.current !== null && files?.length === 1) box.current.files = files;
      }}
    >
      <label for={id}>{words.file}</label>
      <input ref={box} id={id} type="file" accept=".ndjson" required aria-describedby={`${id}-hint`} />
      <p id={`${id}-hint`} class="soft">
        {words.fileHint}
      </p>
    </div>
  );
}

/** Drawn by itself, for each percent. */
function Progress({ percent }: { percent: ReadonlySignal<number> }) {
  return (
    <p class="verify-progress">
      <progress value={percent.value} max={100} aria-label={words.verifying} />
      <span>{words.percent(percent.value)}</span>
    </p>
  );
}

function Verdict({ said: { isWhole, verdict, counted, found } }: { said: Report }) {
  return (
    <>
      <p class={isWhole ? 'row-name' : 'problem'}>{verdict}</p>
      {found.length > 0 && (
        <ul class="verify-found">
          {found.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      {counted.map((each) => (
        <p key={each} class="soft counted">
          {each}
        </p>
      ))}
    </>
  );
}

/** As it was signed, with nothing around it. */
function noteIn(text: string): string[] {
  const note = text.trim();
  return note === '' ? [] : [`${note}\n`];
}

function sizeIn(note: string): string {
  return /^\s*\S+\n(\d+)\n/.exec(note)?.[1] ?? '';
}
