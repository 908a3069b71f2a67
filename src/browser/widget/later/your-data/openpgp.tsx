/** With a public key of their own they have what is kept about them encrypted, so that nobody else can open it. */
import { useId, useRef, useState } from 'preact/hooks';
import { limits } from '../../../../protocol/limits.ts';
import { ApiError } from '../../../api.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import type { OwnData } from './mine.ts';
import { words } from './openpgp/words.ts';
import type { Trying } from './trying.ts';

interface Props {
  data: OwnData;
  /** @param saying what was done; nothing: nothing was */
  back: (saying?: string) => void;
  trying: Trying;
}

export function OpenPgp({ data, back, trying: { busy, problem, say, attempt } }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [key, setKey] = useState(data.openpgp);
  const conversation = data.conversation;
  const submit = (send: (key: string) => Promise<unknown>, done: string) => {
    const wrong = wrongWith(key);
    if (wrong !== null) {
      say(wrong);
      area.current?.focus();
    } else
      void attempt(async () => {
        try {
          if ((await send(key)) !== null) back(done);
        } catch (error) {
          const why = whyNot(error);
          if (why === undefined) throw error;
          say(why);
        }
      });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <p>{words.means}</p>
      <div class="field">
        <label for={`${id}-key`}>{words.key}</label>
        <textarea
          ref={area}
          id={`${id}-key`}
          aria-describedby={`${id}-hint`}
          value={key}
          dir="ltr"
          spellcheck={false}
          autocapitalize="off"
          maxLength={limits.pgpKeyLength}
          required
          aria-invalid={problem !== null && wrongWith(key) !== null}
          onInput={({ currentTarget: { value } }) => setKey((data.openpgp = value))}
        />
        <p id={`${id}-hint`} class="soft">
          {words.keyHint}
        </p>
      </div>
      <Problem text={problem} />
      <div class="answers">
        {conversation !== null && (
          <Button kind="first" busy={busy} onPress={() => submit((to) => data.mail(to), words.mailed)}>
            {words.mail}
          </Button>
        )}
        <Button
          kind={conversation === null ? 'first' : 'plain'}
          busy={busy}
          onPress={() => submit((to) => data.beginCopy(to), words.copying)}
        >
          {words.copy}
        </Button>
        <Button kind="quiet" onPress={() => back()}>
          {words.back}
        </Button>
      </div>
      {conversation !== null && <p class="soft">{words.mailMeans}</p>}
    </form>
  );
}

/** What is no public key is not sent anywhere: least of all somebody's secret one. */
function wrongWith(key: string): string | null {
  if (/BEGIN PGP PRIVATE KEY/.test(key)) return words.secret;
  return /BEGIN PGP PUBLIC KEY BLOCK[^]*END PGP PUBLIC KEY BLOCK/.test(key) ? null : words.keyNeeded;
}

/** Undefined: what others say of it will do. */
function whyNot(error: unknown): string | undefined {
  return error instanceof ApiError ? words.why[error.code] : undefined;
}
