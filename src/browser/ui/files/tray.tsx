/**
 * Where files are chosen, and how far those are that are on their way. It reads all its signals itself, and whoever shows
 * it sees that it follows them.
 */
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Upload, Uploads } from '../../connection/uploads.ts';
import { Button } from '../button.tsx';
import { locale, words as shared } from '../words.ts';
import { acceptedBy, type Asked, type Choosing, type NotTaken } from './choosing.ts';
import { kindsIn, percentOf, sizeOf, why } from './saying.ts';
import { words } from './words.ts';

interface Props {
  choosing: Choosing;
  uploads: Uploads;
  /** Something here has gone, and the keyboard with it where it was there. */
  onClose: () => void;
}

export function Tray({ choosing, uploads, onClose }: Props) {
  const list = uploads.list.value;
  const { open, over, refused, asked, sensitive } = choosing;
  const isOpen = [open.value, over.value].includes(true);
  const [first] = asked.value;
  const chosen = { over: over.value, refused: refused.value, sensitive: sensitive.value };
  useEffect(() => {
    const ended = new AbortController();
    const left = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) over.value = false;
    };
    document.addEventListener('dragleave', left, ended);
    return () => ended.abort();
  }, [over]);
  const close = () => {
    open.value = false;
    refused.value = [];
  };
  if (!isOpen && list.length === 0 && first === undefined) return null;
  return (
    <section
      class={chosen.over ? 'tray over' : 'tray'}
      aria-label={words.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        if (first === undefined && !isOpen) return;
        event.stopPropagation();
        if (first === undefined) close();
        else choosing.answer(false);
      }}
    >
      {isOpen && <Chooser choosing={choosing} {...chosen} close={close} onGone={onClose} />}
      {first !== undefined && (
        <Secrets asked={first} answer={(send) => choosing.answer(send)} onGone={onClose} />
      )}
      {list.length > 0 && (
        <ul aria-label={words.list}>
          {list.map((upload) => (
            <OnItsWay key={upload.id} upload={upload} uploads={uploads} />
          ))}
        </ul>
      )}
      {uploads.underWay() && <p class="soft">{words.stay}</p>}
    </section>
  );
}

interface Chosen {
  choosing: Choosing;
  over: boolean;
  refused: readonly { name: string; why: NotTaken }[];
  sensitive: boolean;
  close: () => void;
  onGone: () => void;
}

/** What is taken is said before anything is chosen. */
function Chooser({ choosing, over, refused, sensitive, close, onGone }: Chosen) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const first = useRef<HTMLDivElement>(null);
  const rules = choosing.rules();
  const taken = words.taken(kindsIn(rules), sizeOf(rules.bytes));
  useEffect(() => {
    // Whoever holds a file over the page is left where they are.
    if (choosing.open.peek()) first.current?.querySelector('button')?.focus();
    return onGone;
  }, [choosing]);
  return (
    <>
      <p class="soft">{over ? words.dropHere : taken}</p>
      <div ref={first} class="does">
        <Button small kind="first" label={`${words.choose}. ${taken}`} onPress={() => input.current?.click()}>
          {words.choose}
        </Button>
        <Button small kind="quiet" onPress={close}>
          {words.close}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={acceptedBy(rules)}
          onChange={({ currentTarget }) => {
            void choosing.take([...(currentTarget.files ?? [])]);
            // So that the same one can be chosen again.
            currentTarget.value = '';
          }}
        />
      </div>
      <label class="sensitive">
        <input
          type="checkbox"
          checked={sensitive}
          aria-describedby={`${id}-sensitive`}
          onChange={({ currentTarget }) => (choosing.sensitive.value = currentTarget.checked)}
        />
        <span>{words.sensitive}</span>
      </label>
      <p id={`${id}-sensitive`} class="soft">
        {words.sensitiveText}
      </p>
      <div role="alert">
        {refused.map(({ name, why }, index) => (
          <p key={index} class="problem">
            <bdi class="name">{name}</bdi> {reason(why, choosing)}
          </p>
        ))}
      </div>
    </>
  );
}

function reason(why: NotTaken, { rules }: Choosing): string {
  if (why === 'tooLarge') return words.tooLarge(sizeOf(rules().bytes));
  return why === 'wrongKind' ? words.wrongKind(kindsIn(rules())) : words[why];
}

interface Question {
  asked: Asked;
  answer: (send: boolean) => void;
  onGone: () => void;
}

/** Asks before it is sent; what is safe has the focus. */
function Secrets({ asked, answer, onGone }: Question) {
  const id = useId();
  const no = useRef<HTMLDivElement>(null);
  useEffect(() => {
    no.current?.querySelector('button')?.focus();
  }, [asked]);
  useEffect(() => onGone, []);
  const what = new Intl.ListFormat(locale).format(asked.secrets.map((secret) => words.secrets[secret]));
  return (
    <div class="secrets" role="alertdialog" aria-labelledby={`${id}-name`} aria-describedby={`${id}-ask`}>
      <p id={`${id}-name`} class="name">
        <bdi>{asked.file.name}</bdi>
      </p>
      <p id={`${id}-ask`}>{words.secretsAsk(what)}</p>
      <div ref={no} class="does">
        <Button small onPress={() => answer(false)}>
          {words.secretsNo}
        </Button>
        <Button small kind="danger" onPress={() => answer(true)}>
          {words.secretsYes}
        </Button>
      </div>
    </div>
  );
}

function OnItsWay({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { id, file, standing } = upload;
  const { is } = standing;
  const sent = is === 'sending' ? standing.sent : is === 'finishing' ? file.size : 0;
  const ends = is === 'refused' ? words.dismiss : words.cancel;
  return (
    <li>
      <p class="name">
        <bdi>{file.name}</bdi> <span class="soft">{sizeOf(file.size)}</span>
      </p>
      {is === 'failed' || is === 'refused' ? (
        <p class="problem" role="alert">
          {why(standing.code, standing.detail)}
        </p>
      ) : (
        <>
          <progress max={file.size} value={sent} aria-label={file.name} />
          <p class="soft">{saying(upload)}</p>
        </>
      )}
      <div class="does">
        {is === 'failed' && (
          <Button small label={words.of(shared.retry, file.name)} onPress={() => uploads.retry(id)}>
            {shared.retry}
          </Button>
        )}
        {is !== 'finishing' && (
          <Button small kind="quiet" label={words.of(ends, file.name)} onPress={() => uploads.cancel(id)}>
            {ends}
          </Button>
        )}
      </div>
    </li>
  );
}

function saying({ file, standing }: Upload): string {
  if (standing.is === 'sending') {
    const percent = percentOf(standing.sent, file.size);
    return standing.lost ? words.lost(percent) : words.sending(percent);
  }
  if (standing.is !== 'finishing') return words.waiting;
  return standing.lost ? words.lost(percentOf(1, 1)) : words.finishing;
}
